"""readme.py TRUCE — what README.md prints of the case is what the program prints: every line of it, in that order."""
import os
import subprocess
import sys
import tempfile

truce = os.path.abspath(sys.argv[1])
root = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
lines = open(os.path.join(root, 'README.md'), encoding='utf-8').read().splitlines()
begin = next(i for i, line in enumerate(lines) if line.startswith('    Arrangement between'))
end = next(i for i, line in enumerate(lines) if i > begin and line and not line.startswith(' '))
shown = [line[4:] for line in lines[begin:end] if line.strip() and line.strip() != '…']
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([truce, 'case', 'load', 'syria-2016', '-C', folder], check=True, capture_output=True)
    told = iter(subprocess.run([truce, 'standing', '-C', folder, '--as-of', '2016-10-04T12:00:00Z', '--lang', 'en'], check=True,
                               capture_output=True, encoding='utf-8').stdout.splitlines())
missing = next((line for line in shown if not any(line == other for other in told)), None)
print(f'{len(shown)} lines' if missing is None else f'not told there: {missing}')
sys.exit(missing is not None)
