import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';

/**
 * Ids of the processes that belong to what is below `directory`: their environment or
 * command line names it. The asking process is left out.
 */
export function processesOf(directory: string): number[] {
  return existsSync('/proc/self/environ')
    ? processesByProc(directory)
    : processesByPs(directory);
}

function processesByProc(directory: string): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter(pid =>
      ['environ', 'cmdline'].some(file =>
        readOrEmpty(`/proc/${pid}/${file}`).includes(directory),
      ),
    )
    .filter(pid => !/^State:\s+Z/m.test(readOrEmpty(`/proc/${pid}/status`)))
    .map(Number);
}

function processesByPs(directory: string): number[] {
  return execFileSync('ps', ['-Aeww', '-o', 'pid=,command='], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter(line => line.includes(directory))
    .map(line => Number.parseInt(line, 10))
    .filter(pid => pid !== process.pid);
}

/** What a file contains; nothing when it is gone. */
export function readOrEmpty(file: string): string {
  return bytesOrNone(file).toString('utf8');
}

function bytesOrNone(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Whether somebody listens on a port of the loopback interface. */
export function isListening(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Files and directories below `directory`, relative to it. */
export function filesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
}

/**
 * Files below `directory` that contain `text`: where a secret has leaked to. What is gone by
 * the time it is read contains nothing: a database's journal lives for a transaction.
 */
export function filesContaining(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(file => bytesOrNone(file).includes(text));
}
