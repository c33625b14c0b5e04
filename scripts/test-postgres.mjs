// Runs the backend's tests on a throw-away PostgreSQL as well as on SQLite.
//
//   npm run test:postgres [-- pattern]
//
// Uses the server binaries that are installed, or installs Debian's when run as root.
// The cluster listens on a free loopback port, belongs to a user other than root (the
// server refuses root), and is gone afterwards.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, runLane, runTests, stop } from './lib/processes.mjs';
import { ROOT } from './lib/root.mjs';

const PACKAGE = join(ROOT, 'plugins/genai-environments-backend');
const DEBIAN_DIRECTORY = '/usr/lib/postgresql';
const SUPPORTED_MAJORS = [14, 15, 16, 17, 18];
const START_TIMEOUT_MS = 30_000;

await runLane('test:postgres', async () => {
  const binaries = findBinaries() ?? installBinaries();
  const major = readMajor(binaries);
  const identity = serverIdentity();
  const directory = await mkdtemp(join(tmpdir(), 'genai-postgres-'));
  let server;
  try {
    const password = randomBytes(18).toString('base64url');
    await initialize({ binaries, directory, password, identity });
    const port = await freePort();
    server = await start({ binaries, directory, port, identity });
    console.log(`PostgreSQL ${major} on 127.0.0.1:${port}`);
    return await runTests({
      cwd: PACKAGE,
      args: [
        createRequire(import.meta.url).resolve(
          '@backstage/cli/bin/backstage-cli',
        ),
        ...['package', 'test', '--no-watch', '--maxWorkers=2'],
        '--testTimeout=60000',
        ...process.argv.slice(2),
      ],
      env: {
        CI: 'true',
        [`BACKSTAGE_TEST_DATABASE_POSTGRES${major}_CONNECTION_STRING`]: `postgresql://postgres:${password}@127.0.0.1:${port}`,
      },
    });
  } finally {
    if (server) await endSessions(server);
    await rm(directory, { recursive: true, force: true });
  }
});

function findBinaries() {
  const candidates = [
    process.env.POSTGRES_BIN,
    ...debianVersions().map(version => join(DEBIAN_DIRECTORY, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return candidates.find(
    candidate => candidate && existsSync(join(candidate, 'initdb')),
  );
}

/** Newest first. */
function debianVersions() {
  if (!existsSync(DEBIAN_DIRECTORY)) return [];
  return readdirSync(DEBIAN_DIRECTORY).sort((a, b) => Number(b) - Number(a));
}

function installBinaries() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      'PostgreSQL is not installed. Install its server (Debian: apt-get install postgresql), or set POSTGRES_BIN to the directory of initdb and postgres.',
    );
  }
  console.log('Installing PostgreSQL');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync(
    'apt-get',
    ['install', '-qy', '--no-install-recommends', 'postgresql'],
    options,
  );
  const binaries = findBinaries();
  if (!binaries) throw new Error('apt-get installed no PostgreSQL server.');
  return binaries;
}

function readMajor(binaries) {
  const text = execFileSync(join(binaries, 'postgres'), ['--version']);
  const major = Number(/\) (\d+)/.exec(String(text))?.[1]);
  if (SUPPORTED_MAJORS.includes(major)) return major;
  throw new Error(
    `${String(
      text,
    ).trim()} is not one of the versions the tests know: ${SUPPORTED_MAJORS.join(
      ', ',
    )}.`,
  );
}

/** Who the server runs as: the postgres user in place of root, oneself otherwise. */
function serverIdentity() {
  if (process.getuid?.() !== 0) return {};
  const id = flag => Number(execFileSync('id', [flag, 'postgres']));
  return { uid: id('-u'), gid: id('-g') };
}

async function initialize({ binaries, directory, password, identity }) {
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (identity.uid !== undefined) {
    await chown(directory, identity.uid, identity.gid);
    await chown(passwordFile, identity.uid, identity.gid);
  }
  execFileSync(
    join(binaries, 'initdb'),
    [
      '--pgdata',
      join(directory, 'data'),
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-sync',
    ],
    { ...identity, cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

async function start({ binaries, directory, port, identity }) {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    // Nothing here outlives the run.
    fsync: 'off',
  };
  const server = spawn(
    join(binaries, 'postgres'),
    [
      '-D',
      join(directory, 'data'),
      ...Object.entries(settings).flatMap(([key, value]) => [
        '-c',
        `${key}=${value}`,
      ]),
    ],
    { ...identity, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  const ready = new Promise((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', text => {
      log = (log + text).slice(-10_000);
      if (log.includes('ready to accept connections')) resolve(server);
    });
    server.once('error', reject);
    server.once('exit', code =>
      reject(new Error(`PostgreSQL exited with code ${code}:\n${log}`)),
    );
    setTimeout(
      () => reject(new Error(`PostgreSQL did not start in time:\n${log}`)),
      START_TIMEOUT_MS,
    ).unref();
  });
  try {
    return await ready;
  } catch (error) {
    await endSessions(server);
    throw error;
  }
}

/** SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting. */
function endSessions(server) {
  return stop(server, 'SIGINT');
}
