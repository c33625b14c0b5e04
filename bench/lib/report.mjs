/** Prints the rows of a report and how its numbers stand to their targets. */
export function printReport({ title, rows, targets }) {
  console.log(`\n${title}`);
  console.table(rows);
  printTable(
    targets.map(target => ({
      result: verdict(target),
      value: `${format(target.value)} ${target.unit}`,
      target: goal(target),
      what: target.what,
    })),
  );
}

function printTable(lines) {
  const width = field => Math.max(...lines.map(line => line[field].length));
  const [value, target] = [width('value'), width('target')];
  for (const line of lines) {
    console.log(
      `  ${line.result}  ${line.value.padStart(value)}  ${line.target.padEnd(
        target,
      )}  ${line.what}`,
    );
  }
}

function verdict({ value, atLeast, atMost }) {
  if (atLeast === undefined && atMost === undefined) return '    ';
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity)
    ? 'met '
    : 'MISS';
}

function goal({ atLeast, atMost, unit }) {
  if (atLeast !== undefined) return `≥ ${atLeast} ${unit}`;
  return atMost === undefined ? '' : `≤ ${atMost} ${unit}`;
}

function format(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
