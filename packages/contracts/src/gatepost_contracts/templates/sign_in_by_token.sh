# The token is one of Jenkins' credentials and stays the same: refused once, it is refused for good.
sign_in() {
    : "${GATEPOST_TOKEN:?is not set: the token of a service account of Gatepost}"
    [ "$status" = unasked ] || refused
}
