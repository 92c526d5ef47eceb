#!/bin/sh
# What some tests need and no wheel brings: PHP for its client library, Laravel's components for the Laravel snippets, and
# a browser for pages. As root on Debian or Ubuntu they are installed; that is tried once (remove .venv/.extras-tried to
# try again). Elsewhere this says what is missing, and those tests report themselves as not run. It never fails, and
# takes at most four minutes. EXTRAS=no leaves everything as it is.
set -u
cd "$(dirname "$0")/../.."
stamp=.venv/.extras-tried

have_php() { command -v php >/dev/null 2>&1 && php -r 'exit(extension_loaded("curl") ? 0 : 1);' 2>/dev/null; }
have_laravel() { [ -f /usr/share/php/Illuminate/Http/autoload.php ] && [ -f /usr/share/php/Illuminate/Config/autoload.php ]; }
have_browser() { command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }

missing() {
    have_php || printf 'PHP with curl; '
    have_laravel || printf "Laravel's components; "
    have_browser || printf 'Chromium; '
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && command -v timeout >/dev/null 2>&1; }

apt() { # seconds, then the arguments of apt-get
    seconds=$1
    shift
    DEBIAN_FRONTEND=noninteractive timeout "$seconds" apt-get -qq -o DPkg::Lock::Timeout=20 -o Acquire::Retries=1 \
        -o Acquire::http::Timeout=15 "$@" >>.venv/extras.log 2>&1 </dev/null
}

install() { apt "$1" install -y --no-install-recommends $2; }

[ "${EXTRAS:-}" = no ] && exit 0
[ -z "$(missing)" ] && exit 0
if can_install && [ ! -e "$stamp" ]; then
    touch "$stamp"
    echo "Risala: installing what some tests need: $(missing)(EXTRAS=no to leave it out) …"
    apt 30 update
    have_php || install 70 "php-cli php-curl php-mbstring php-xml"
    have_php && { have_laravel || install 60 "php-guzzlehttp-guzzle php-vlucas-phpdotenv php-phpoption \
        php-illuminate-http php-illuminate-notifications php-illuminate-events php-illuminate-config"; }
    have_browser || install 80 "chromium fonts-dejavu-core"
fi
[ -z "$(missing)" ] || echo "Risala: not here, so some tests will be reported as not run: $(missing)"
exit 0
