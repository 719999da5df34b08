#!/bin/sh
# The `nats` command alone (https://github.com/nats-io/natscli):
#   TOCSIN_USER=pager TOCSIN_PASSWORD=… ./alerts.sh live|next|since 2026-01-01T00:00:00Z|from 1|position
set -eu

url=${NATS_URL:-nats://127.0.0.1:4222}
project=${TOCSIN_PROJECT:-default}
stream="EVENTS_$project"
tocsin() { nats --server "$url" --user "$TOCSIN_USER" --password "$TOCSIN_PASSWORD" "$@"; }
read_from() { tocsin request "\$JS.tocsin.API.DIRECT.GET.$stream" "$1" --replies 0 --timeout 2s; }

case ${1:-live} in
# What happens now, each event once; nothing of what happens while you are away
live) tocsin subscribe "alert.$project.>" "status.$project.>" ;;
# The next hundred at the position the server keeps for you, acknowledged
next) tocsin --js-domain tocsin consumer next "$stream" "$TOCSIN_USER" --count 100 --ack ;;
# A hundred from an instant on
since) read_from "{\"start_time\":\"$2\",\"batch\":100,\"next_by_subj\":\">\"}" ;;
# A hundred from a number on: the header Nats-Sequence of the last, plus one, is where to go on
from) read_from "{\"seq\":$2,\"batch\":100,\"next_by_subj\":\">\"}" ;;
# How far the server thinks you are
position) tocsin --js-domain tocsin consumer info "$stream" "$TOCSIN_USER" ;;
*) echo "unknown: $1" >&2 && exit 2 ;;
esac
