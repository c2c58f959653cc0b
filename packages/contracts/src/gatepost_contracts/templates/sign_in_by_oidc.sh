# Exchanges the short-lived OIDC token of this GitHub job for a Gatepost token.
sign_in() {
    echo "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" > "$scratch/github"
    set -- --silent --show-error --fail --max-time 60 --retry 5
    curl "$@" --header "@$scratch/github" --output "$scratch/oidc_token" \
        "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=gatepost"
    jq --exit-status '{token: (.value | strings)}' "$scratch/oidc_token" > "$scratch/identity"
    curl "$@" --header "Content-Type: application/json" --data-binary "@$scratch/identity" \
        --output "$scratch/exchanged" "$GATEPOST_URL/api/v1/auth/exchange"
    jq --exit-status --raw-output '.secret | strings' "$scratch/exchanged" > "$scratch/secret"
    IFS= read -r GATEPOST_TOKEN < "$scratch/secret"
    echo "::add-mask::$GATEPOST_TOKEN"
}
