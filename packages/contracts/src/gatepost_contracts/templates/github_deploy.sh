# The text of the change: the message of the commit, then the description of its pull request.
pull_request=$(gh api "repos/${GITHUB_REPOSITORY:-}/commits/$GATEPOST_COMMIT/pulls" \
    --jq '.[0].body // ""' 2> /dev/null) || pull_request=
GATEPOST_CHANGE_TEXT="${GATEPOST_COMMIT_MESSAGE:-}
$pull_request"
export GATEPOST_CHANGE_TEXT
