# Requests a deployment from Gatepost and waits for its outcome. Requires curl and jq.
set -eu +x
umask 077
: "${GATEPOST_URL:?is not set: the URL of Gatepost}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

@sign_in@

@call@

# Exits with the outcome of the deployment and the note of the event that ended it.
exit_with_outcome() {
    call "/deployments/$id/events?limit=200"
    note='[.items[]? | select(.to_status == $outcome) | .note | strings] | last // empty'
    note=$(jq --raw-output --arg outcome "$1" "$note" "$scratch/response") || note=
    echo "$number, $GATEPOST_SERVICE in $GATEPOST_ENVIRONMENT, ended $1${note:+: $note}" >&2
    exit 1
}

status=none
sign_in

jq --null-input '{
    version: env.GATEPOST_VERSION,
    commit_sha: env.GATEPOST_COMMIT,
    artifact_digest: env.GATEPOST_ARTIFACT_DIGEST
} | with_entries(select((.value // "") != ""))' > "$scratch/version"
call "/services/$GATEPOST_SERVICE/versions" --data-binary "@$scratch/version"
case $status in
    201 | 409) ;; # 409: an earlier run registered it
    *) exit_with_response ;;
esac

# The risk, if not entered: the `Risk:` trailer of the change, otherwise its first line, labelled.
if [ -z "${GATEPOST_RISK:-}" ]; then
    trailer='found && !/^[ \t]/ { exit } tolower($0) ~ /^risk:/ { found = 1 } found { print }'
    GATEPOST_RISK=$(printf '%s\n' "${GATEPOST_CHANGE_TEXT:-}" | tr -d '\r' | awk "$trailer" |
        sed '1s/^[^:]*:[[:blank:]]*//; s/^[[:blank:]]*//')
    subject=$(printf '%s\n' "${GATEPOST_CHANGE_TEXT:-}" | tr -d '\r' | sed -n '/[^[:blank:]]/{p;q;}')
    [ -n "$GATEPOST_RISK" ] || GATEPOST_RISK=${subject:+"No risk notes; the change: $subject"}
    export GATEPOST_RISK
fi

jq --null-input '{
    service: env.GATEPOST_SERVICE,
    environment: env.GATEPOST_ENVIRONMENT,
    version: env.GATEPOST_VERSION,
    work_references: [env.GATEPOST_WORK_REFERENCE],
    rollback_plan: env.GATEPOST_ROLLBACK_PLAN,
    risk: env.GATEPOST_RISK
} | with_entries(select((.value // "") != ""))' > "$scratch/request"
# The key makes retries safe: they never create a second deployment.
key="$GATEPOST_SERVICE-$GATEPOST_ENVIRONMENT-$GATEPOST_VERSION-$GATEPOST_RUN"
call /deployments --header "Idempotency-Key: $key" --data-binary "@$scratch/request"
[ "$status" = 201 ] || exit_with_response
id=$(jq --exit-status --raw-output .id "$scratch/response")
number=$(jq --exit-status --raw-output .number "$scratch/response")
echo "Requested $number: $GATEPOST_SERVICE $GATEPOST_VERSION in $GATEPOST_ENVIRONMENT."

limit_s=${GATEPOST_TIMEOUT_S:-14400}
deadline=$(($(date +%s) + limit_s))
shown=
while [ "$(date +%s)" -lt "$deadline" ]; do
    call "/deployments/$id"
    case $status in
        200) ;;
        401) sign_in ;;
        000 | 429 | 5*) ;; # Gatepost is temporarily unavailable; the deployment continues
        *) exit_with_response ;;
    esac
    outcome=$(jq --raw-output '.status // empty' "$scratch/response") || outcome=
    case $outcome in
        succeeded)
            echo "$number succeeded."
            exit 0
            ;;
        failed | rejected | cancelled | rolled_back) exit_with_outcome "$outcome" ;;
    esac
    call "/deployments/$id/gates"
    why='.gates[]? | select(.state == "waiting" or .state == "closed") | "Waiting: " + .message'
    why=$(jq --raw-output "$why" "$scratch/response") || why=
    [ "$why" = "$shown" ] || echo "$why"
    shown=$why
    sleep "${GATEPOST_POLL_S:-15}"
done
echo "$number has no outcome after $limit_s s. It continues in Gatepost without this pipeline." >&2
exit 1
