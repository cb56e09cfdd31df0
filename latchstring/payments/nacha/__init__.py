"""Bank files: what an ACH operator accepts, read, checked, written and matched. Knows no framework.

    lines     bytes -> numbered records of 94 characters
    layout    where each field is, from layouts.json       codes   what each code means, from *.csv
    records   a record with its layout                     forms   what a single field may hold
    check     every fault of any file, streaming           read    a file as a tree, or as JSON
    write     our credits as a file                        answer  a bank's returns and changes
    match     what a bank's file says of our entries       holidays  which days banks are open

Promises: what `write` and `answer` build, `check` finds valid; the same input gives the same bytes.
"""
