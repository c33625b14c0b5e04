import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { filesBelow, isListening, readOrEmpty } from './leftovers';
import type { Portal } from './portal';
import type { Session } from './session';

/** Where an environment could leave something behind. */
export type Place = { name: string; uid: string; port?: number };

/** Ids of the runtimes of an environment, by the first word of their command line. */
export function runtimePids(uid: string): number[] {
  const marker = `genai-environment:${uid}`;
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => {
      const command = readOrEmpty(`/proc/${pid}/cmdline`);
      return command.split('\0', 1)[0] === marker;
    })
    .map(Number);
}

/** Rows of the backend's own database, read beside it. */
export function queryDatabase<T>(
  portal: Portal,
  sql: string,
  ...values: string[]
): T[] {
  const database = new DatabaseSync(
    join(portal.directory, 'db', 'genai-environments.sqlite'),
    { readOnly: true },
  );
  try {
    return database.prepare(sql).all(...values) as T[];
  } finally {
    database.close();
  }
}

/** Everything that is left of an environment, one line each; empty after a teardown. */
export async function tracesOf(
  options: Place & { portal: Portal; session: Session },
): Promise<string[]> {
  const { portal, session, name, uid, port } = options;
  const environments = join(portal.directory, 'environments');
  const traces = [
    ...runtimePids(uid).map(pid => `runtime process ${pid}`),
    ...filesBelow(environments)
      .filter(file => file.includes(name) || file.includes(uid))
      .map(file => `file ${file}`),
    ...queryDatabase<{ id: string }>(
      portal,
      'select id from applications where environment_uid = ?',
      uid,
    ).map(({ id }) => `application ${id}`),
    ...(await entitiesOf(session, name)).map(ref => `entity ${ref}`),
  ];
  if (port !== undefined && (await isListening(port))) {
    traces.push(`listener on port ${port}`);
  }
  return traces;
}

/** References of the entities that an environment has in the catalog. */
export async function entitiesOf(
  session: Session,
  name: string,
): Promise<string[]> {
  const entities = await session.json<
    Array<{ kind: string; metadata: { name: string } }>
  >('/api/catalog/entities?fields=kind,metadata.name');
  return entities
    .filter(({ metadata }) => metadata.name.startsWith(name))
    .map(({ kind, metadata }) => `${kind}:${metadata.name}`);
}

/** Children of a runtime: its app. */
export function appPids(runtimePid: number): number[] {
  return readOrEmpty(`/proc/${runtimePid}/task/${runtimePid}/children`)
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

/** IPv4 addresses (others as the kernel writes them) that a process listens on. */
export function listeningAddresses(pid: number): string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
      try {
        const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
        return /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap(table =>
    readOrEmpty(`/proc/${pid}/net/${table}`)
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(fields => fields[3] === '0A' && sockets.has(fields[9]))
      .map(fields => ipv4(fields[1].split(':')[0])),
  );
}

function ipv4(hex: string): string {
  if (hex.length !== 8) return hex;
  return [...Buffer.from(hex, 'hex')].reverse().join('.');
}
