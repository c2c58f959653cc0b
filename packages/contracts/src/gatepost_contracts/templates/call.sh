# call PATH [CURL OPTION...]: stores the response in $scratch/response and its status in $status, or
# 000 without a response. The token is passed in a file: all users can read command lines.
call() {
    path=$1
    shift
    : > "$scratch/response"
    echo "Authorization: Bearer $GATEPOST_TOKEN" > "$scratch/headers"
    echo "Content-Type: application/json" >> "$scratch/headers"
    set -- --silent --show-error --max-time 60 --retry 5 --retry-connrefused "$@"
    set -- --header "@$scratch/headers" --output "$scratch/response" "$@"
    status=$(curl "$@" --write-out '%{http_code}' "$GATEPOST_URL/api/v1$path") || :
}

# Exits with the error that Gatepost returned.
exit_with_response() {
    echo "Gatepost returned $status." >&2
    jq --raw-output '.detail, (.errors[]? | .pointer + ": " + .detail)' "$scratch/response" >&2 ||
        cat "$scratch/response" >&2
    exit 1
}

