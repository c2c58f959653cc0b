# GitHub vouches for this job with a short-lived token, which Gatepost exchanges for one of its own.
sign_in() {
    echo "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" > "$scratch/github"
    set -- --silent --show-error --fail --max-time 60 --retry 5
    curl "$@" --header "@$scratch/github" --output "$scratch/vouched" \
        "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=gatepost"
    jq --exit-status '{token: (.value | strings)}' "$scratch/vouched" > "$scratch/identity"
    curl "$@" --header "Content-Type: application/json" --data-binary "@$scratch/identity" \
        --output "$scratch/exchanged" "$GATEPOST_URL/api/v1/auth/exchange"
    jq --exit-status --raw-output '.secret | strings' "$scratch/exchanged" > "$scratch/secret"
    IFS= read -r GATEPOST_TOKEN < "$scratch/secret"
    echo "::add-mask::$GATEPOST_TOKEN"
}
