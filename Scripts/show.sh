#!/bin/sh
# Shows a picture in a window, where there is a desktop to show it on.
#
#   Scripts/show.sh FILE
if [ "$(uname -s)" = Darwin ]; then
  [ -n "${SSH_CONNECTION:-}" ] || open "$1"
elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then
  (xdg-open "$1" >/dev/null 2>&1 &)
fi
