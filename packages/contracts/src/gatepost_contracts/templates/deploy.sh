# Asks Gatepost for a deployment and waits for its outcome. Needs curl and jq.
set -eu +x
umask 077
: "${GATEPOST_URL:?is not set: the address of Gatepost}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

@sign_in@

# call PATH [CURL OPTION...]: leaves the answer in $scratch/answer and its status in $status, 000 if
# there was none. The token travels in a file: every user of a machine can read its command lines.
call() {
    path=$1
    shift
    : > "$scratch/answer"
    echo "Authorization: Bearer $GATEPOST_TOKEN" > "$scratch/headers"
    echo "Content-Type: application/json" >> "$scratch/headers"
    set -- --silent --show-error --max-time 60 --retry 5 --retry-connrefused "$@"
    set -- --header "@$scratch/headers" --output "$scratch/answer" "$@"
    status=$(curl "$@" --write-out '%{http_code}' "$GATEPOST_URL/api/v1$path") || :
}

# Ends with why Gatepost refused, in its own words.
refused() {
    echo "Gatepost answered $status." >&2
    jq --raw-output '.detail, (.errors[]? | .pointer + ": " + .detail)' "$scratch/answer" >&2 ||
        cat "$scratch/answer" >&2
    exit 1
}

# Ends with how the deployment ended, and with the note of whoever ended it.
ended() {
    call "/deployments/$id/events?limit=200"
    note='[.items[]? | select(.to_status == $outcome) | .note | strings] | last // empty'
    note=$(jq --raw-output --arg outcome "$1" "$note" "$scratch/answer") || note=
    echo "$number, $GATEPOST_SERVICE in $GATEPOST_ENVIRONMENT, ended $1${note:+: $note}" >&2
    exit 1
}

status=unasked
sign_in

jq --null-input '{
    version: env.GATEPOST_VERSION,
    commit_sha: env.GATEPOST_COMMIT,
    artifact_digest: env.GATEPOST_ARTIFACT_DIGEST
} | with_entries(select((.value // "") != ""))' > "$scratch/version"
call "/services/$GATEPOST_SERVICE/versions" --data-binary "@$scratch/version"
case $status in
    201 | 409) ;; # 409: an earlier run registered it
    *) refused ;;
esac

jq --null-input '{
    service: env.GATEPOST_SERVICE,
    environment: env.GATEPOST_ENVIRONMENT,
    version: env.GATEPOST_VERSION,
    work_references: [env.GATEPOST_WORK_REFERENCE],
    rollback_plan: env.GATEPOST_ROLLBACK_PLAN,
    risk: env.GATEPOST_RISK
} | with_entries(select((.value // "") != ""))' > "$scratch/request"
# The key makes a repeat safe: however often this is sent, there is one deployment.
key="$GATEPOST_SERVICE-$GATEPOST_ENVIRONMENT-$GATEPOST_VERSION-$GATEPOST_RUN"
call /deployments --header "Idempotency-Key: $key" --data-binary "@$scratch/request"
[ "$status" = 201 ] || refused
id=$(jq --exit-status --raw-output .id "$scratch/answer")
number=$(jq --exit-status --raw-output .number "$scratch/answer")
echo "Asked for $number: $GATEPOST_SERVICE $GATEPOST_VERSION in $GATEPOST_ENVIRONMENT."

limit_s=${GATEPOST_TIMEOUT_S:-14400}
deadline=$(($(date +%s) + limit_s))
told=
while [ "$(date +%s)" -lt "$deadline" ]; do
    call "/deployments/$id"
    case $status in
        200) ;;
        401) sign_in ;;
        000 | 429 | 5*) ;; # Gatepost is away for a moment; the deployment is not
        *) refused ;;
    esac
    outcome=$(jq --raw-output '.status // empty' "$scratch/answer") || outcome=
    case $outcome in
        succeeded)
            echo "$number succeeded."
            exit 0
            ;;
        failed | rejected | cancelled | rolled_back) ended "$outcome" ;;
    esac
    call "/deployments/$id/gates"
    why='.gates[]? | select(.state == "waiting" or .state == "closed") | "Waiting: " + .message'
    why=$(jq --raw-output "$why" "$scratch/answer") || why=
    [ "$why" = "$told" ] || echo "$why"
    told=$why
    sleep "${GATEPOST_POLL_S:-15}"
done
echo "$number has no outcome after $limit_s s. It goes on in Gatepost without this pipeline." >&2
exit 1
