# Shows what Terraform would change for this pull request, as Markdown, in the file $GATEPOST_PREVIEW.
# Changes nothing. Requires git and terraform, and credentials that can read the infrastructure.
set -eu
changed() { git diff --quiet "$BASE_COMMIT" HEAD -- "$@" || return 0; return 1; }

plan=$(mktemp)
for environment in @environment_names@; do
    folder=terraform/envs/$environment/$GATEPOST_SERVICE
    [ -d "$folder" ] || continue
    changed "$folder" terraform/modules || continue
    printf '### Terraform plan for `%s`\n\n```\n' "$environment" >> "$GATEPOST_PREVIEW"
    terraform -chdir="$folder" init -input=false -no-color > "$plan" 2>&1 &&
        terraform -chdir="$folder" plan -input=false -lock=false -no-color > "$plan" 2>&1 ||
        failed=yes
    cat "$plan" >> "$GATEPOST_PREVIEW"
    printf '```\n\n' >> "$GATEPOST_PREVIEW"
done
rm -f "$plan"
[ -e "$GATEPOST_PREVIEW" ] || printf 'No change of the infrastructure.\n\n' > "$GATEPOST_PREVIEW"
[ -z "${failed:-}" ] || { cat "$GATEPOST_PREVIEW"; exit 1; }
