# Proves tools/layers.txt. Reads it first, then sources (their includes), then, with symbols=1, lines
# "D FOLDER OBJECT SYMBOL" (defined) and "U FOLDER OBJECT SYMBOL" (wanted), the D lines first.
function complain(text) { print text; bad = 1 }

FNR == 1 { file += 1 }

file == 1 {
    if ($0 ~ /^#/ || $0 ~ /^ *$/) next
    split($0, half, ":")
    from = half[1]
    gsub(/ /, "", from)
    count = split(half[2], below, " ")
    for (i = 1; i <= count; i++) {
        if (!(below[i] in known)) complain(FILENAME ":" FNR ": " from "/ names " below[i] "/, which is not below it")
        allowed[from, below[i]] = 1
    }
    known[from] = 1
    allowed[from, from] = 1
    next
}

symbols && $1 == "D" { home[$4] = $2; next }
symbols && $1 == "U" {
    if (($4 in home) && !(($2, home[$4]) in allowed))
        complain($3 ": " $2 "/ may not use " $4 "() of " home[$4] "/")
    next
}

!symbols && /^# *include "/ {
    split(FILENAME, path, "/")
    split($0, name, "\"")
    split(name[2], place, "/")
    if (!(path[2] in known)) complain(FILENAME ":" FNR ": " path[2] "/ is not in tools/layers.txt")
    else if (place[2] == "") complain(FILENAME ":" FNR ": write the folder too: " name[2])
    else if (!((path[2], place[1]) in allowed)) complain(FILENAME ":" FNR ": " path[2] "/ may not include " name[2])
}

END { exit bad }
