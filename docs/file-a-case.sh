#!/bin/sh
# Files a civil case at the court 京0105 through the API and has it docketed, as two programs would:
# one of the citizen, one of the court. Wants a server in demo mode (`make run`) and curl.
#
#   docs/file-a-case.sh [http://127.0.0.1:8080]
set -eu
server=${1:-http://127.0.0.1:8080}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ask TOKEN METHOD PATH [BODY]: prints the answer; ends the script when it is not a success.
ask() {
    token=$1 method=$2 path=$3
    shift 3
    code=$(curl -s -o "$work/answer" -w '%{http_code}' -X "$method" "$server$path" \
        -H 'Accept: application/json' -H 'Content-Type: application/json' \
        ${token:+-H "Authorization: Bearer $token"} ${1:+-H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)"} \
        ${1:+--data "$1"})
    case $code in
    2*) cat "$work/answer" ;;
    *) echo "$method $path: $code" >&2; cat "$work/answer" >&2; echo >&2; exit 1 ;;
    esac
}

# The first text, or revision, of an answer: its own keys stand before those of its parts.
first_of() { grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d'"' -f4; }
revision_of() { grep -o '"revision":[0-9]*' | head -n 1 | cut -d: -f2; }

log_in() { ask '' POST /session "{\"login\":\"$1\",\"password\":\"tongsu-demo\"}" | first_of token; }

echo "1. The citizen logs in."
citizen=$(log_in citizen-1)

echo "2. A draft is begun: nothing has been handed in yet."
matter=$(ask "$citizen" POST /matters '{"procedure":"civil-first-instance-filing","court":"京0105","values":{}}' | first_of id)
echo "   $server/matters/$matter"

echo "3. Materials: the complaint and a copy of the identity card."
printf '%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n' > "$work/file.pdf"
for kind in complaint identity; do
    curl -sf -o /dev/null -X POST "$server/matters/$matter/materials?kind=$kind" \
        -H "Authorization: Bearer $citizen" -H 'Accept: application/json' \
        -H 'Content-Type: application/pdf' -H "X-Filename: $kind.pdf" --data-binary "@$work/file.pdf"
done

echo "4. It is submitted, with what the form asks for."
cat > "$work/values.json" <<'VALUES'
{"values":{
  "cause":"民间借贷纠纷",
  "claim":{"requests":[{"text":"判令被告偿还借款本金50000元"},{"text":"判令被告承担本案诉讼费用"}],
    "amount":5000000,
    "facts":"2025年3月14日，被告向原告借款50000元，约定2026年3月14日前还清，写有借条。到期后经多次催要，至今没有归还。"},
  "parties":[
    {"role":"plaintiff","kind":"natural-person","name":"林晓舟","phone":"13800138000",
     "identity":{"type":"resident-id","number":"11010519491231002X"},
     "address":{"division":"110105","detail":"建国路1号"}},
    {"role":"defendant","kind":"natural-person","name":"王某","phone":"19912345678",
     "address":{"division":"110105","detail":"朝阳路2号"}}],
  "filer":{"capacity":"party"},
  "service-address":{"recipient":"林晓舟","phone":"13800138000",
    "address":{"division":"110105","detail":"建国路1号院2号楼301"},"electronic":true},
  "undertakings":{"truth":true,"not-elsewhere":true},
  "signature":{"method":"typed","name":"林晓舟","code":"000000"}},
 "accept_warnings":true}
VALUES
answer=$(ask "$citizen" POST "/matters/$matter/acts/submit" "@$work/values.json")
echo "   $(echo "$answer" | first_of state_title), due $(echo "$answer" | grep -o '"due":"[^"]*"' | head -n 1 | cut -d'"' -f4)"

echo "5. The reviewer of the court finds it on the desk and dockets it."
reviewer=$(log_in 'reviewer@京0105')
revision=$(ask "$reviewer" GET "/matters/$matter" | revision_of)
answer=$(ask "$reviewer" POST "/matters/$matter/acts/docket" \
    "{\"values\":{\"docketing\":{\"trial-procedure\":\"summary\"}},\"revision\":$revision}")
echo "   $(echo "$answer" | first_of state_title): $(echo "$answer" | first_of case_number)"

echo "6. The citizen reads what happened, and keeps a receipt that proves itself."
ask "$citizen" GET "/matters/$matter/events" | grep -o '"n":[0-9]*,"at":"[^"]*","act":"[^"]*","title":"[^"]*"' | sed 's/^/   /'
sleep 2 # the log is numbered and signed behind the act
ask "$citizen" GET "/matters/$matter/receipt?event=1" > receipt.json
echo "   receipt.json: prove it anywhere with: tongsu verify-receipt receipt.json"
