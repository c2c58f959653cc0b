# Writes the gates that a deployment of this change will have to pass, as Markdown, to the file
# $GATEPOST_PREVIEW. Creates nothing. Requires curl and jq.
set -eu +x
umask 077
: "${GATEPOST_URL:?is not set: the URL of Gatepost}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

@sign_in@

@call@

status=none
sign_in

# preview ENVIRONMENT: appends a section to the preview.
preview() {
    jq --null-input --arg environment "$1" '{
        service: env.GATEPOST_SERVICE,
        environment: $environment,
        version: env.GATEPOST_VERSION,
        work_references: [env.GATEPOST_WORK_REFERENCE],
        rollback_plan: env.GATEPOST_ROLLBACK_PLAN,
        risk: "To be stated in the request."
    }' > "$scratch/request"
    call "/deployments/preview?assume_registered=true" --data-binary "@$scratch/request"
    printf '### Deployment to `%s`\n\n' "$1" >> "$GATEPOST_PREVIEW"
    if [ "$status" != 200 ]; then
        jq --raw-output '"Not possible now: " + .detail, (.errors[]? | "- " + .detail)' \
            "$scratch/response" >> "$GATEPOST_PREVIEW" || exit_with_response
    else
        jq --raw-output '
            def cell: . // "" | tostring | gsub("[\\r\\n|]+"; " ");
            "| gate | state | who can act | reason |", "|---|---|---|---|",
            (.gates[] | "| \(.kind) | \(.state) | \(.who_can_act | join(", ") | cell) | \(.message | cell) |")
        ' "$scratch/response" >> "$GATEPOST_PREVIEW"
    fi
    echo >> "$GATEPOST_PREVIEW"
}

for environment in @environment_names@; do
    preview "$environment"
done
cat "$GATEPOST_PREVIEW"
