export GATEPOST_VERSION="$GIT_COMMIT"
export GATEPOST_WORK_REFERENCE="${CHANGE_URL:-commit $GIT_COMMIT}"
export GATEPOST_ROLLBACK_PLAN="Redeploy the last known good version."
export GATEPOST_PREVIEW=preview.md
BASE_COMMIT=$(git merge-base "origin/$CHANGE_TARGET" HEAD)
export BASE_COMMIT
