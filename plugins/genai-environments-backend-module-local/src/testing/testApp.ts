import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An app that is up at once; `/app/env` shows the names of its variables. */
const SOURCE = `
const { createServer } = require('node:http');
createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/app/health') response.end('{"status":"UP"}');
  else response.end(JSON.stringify(Object.keys(process.env)));
}).listen(Number(process.env.PORT), process.env.HOST, () => console.log('The test app listens'));
`;

/** Ends with a sentence, as an app with a mistake does. */
export const BROKEN_APP_SOURCE = `
console.error('TypeError: cannot read the weather');
process.exit(3);
`;

/** Makes `directory` a project whose app the runtime can run. */
export async function writeTestApp(
  directory: string,
  source: string = SOURCE,
  main: string = 'main.js',
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'test-app', private: true, main }),
  );
  await writeFile(join(directory, main), source);
}
