# The token is a Jenkins credential and does not change, so a 401 response is final.
sign_in() {
    : "${GATEPOST_TOKEN:?is not set: the token of a Gatepost service account}"
    [ "$status" = none ] || exit_with_response
}
