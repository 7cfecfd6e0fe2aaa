#!/bin/sh
# Makes inter-latin.woff2 from the full variable Inter: weights 400 to 750, the letters that the page uses.
#
#   npm install --no-save inter-ui@4.1.1
#   pip install fonttools==4.68.0 brotli==1.2.1
#   sh assets/make-font.sh
#
# Of its features only kerning and figures of one width, and of letters with accents those of cities and of the languages
# around them: the rest is 9 kB of a first visit. Another letter in a title of one's own is the system's.
# The complete font is the source because the ready-made latin subsets lack the arrows, the shapes and ≤ ≥.
set -eu
here=$(dirname "$0")
source=node_modules/inter-ui/variable/InterVariable.woff2
limited=$(mktemp)
trap 'rm -f "$limited"' EXIT

fonttools varLib.instancer "$source" opsz=14 wght=400:750 --output "$limited"
pyftsubset "$limited" \
  --output-file="$here/inter-latin.woff2" --flavor=woff2 \
  --unicodes="U+20-7E,U+A0,U+B0-B3,U+B7,U+C4,U+C9,U+D6,U+D7,U+DC,U+DF,U+E0-E4,U+E7-EA,U+ED,U+F1,U+F3-F6,U+FA,U+FC,U+2009,U+200A,U+202F,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+2190-2193,U+2212,U+2248,U+2264,U+2265,U+25A0,U+25A1,U+25B2,U+25B6,U+25BC,U+25CB,U+25CF,U+2713,U+2715" \
  --layout-features=kern,tnum --no-hinting --desubroutinize
ls -l "$here/inter-latin.woff2"
