import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

type StaticFile = { content: Buffer; contentType: string; etag: string };

/** Files by their address below the base path; `''` is the page itself. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

const CONTENT_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads all files of `directory` into memory. They are few and small, and an address that
 * is not among them cannot reach any other file.
 */
export function loadStaticFiles(directory: string): StaticFiles {
  const files = new Map<string, StaticFile>();
  for (const name of readdirSync(directory)) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (!contentType) continue;
    const content = readFileSync(join(directory, name));
    const digest = createHash('sha256').update(content).digest('base64url');
    const address = name === 'index.html' ? '' : name;
    files.set(address, { content, contentType, etag: `"${digest}"` });
  }
  return files;
}

/** Answers with the file, or with 304 when the browser has this version already. */
export function sendStaticFile(
  file: StaticFile,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.setHeader('ETag', file.etag);
  // Keep it, but ask each time: a new version of the app shows up on the next load.
  response.setHeader('Cache-Control', 'no-cache');
  const known = request.headers['if-none-match']?.split(/\s*,\s*/) ?? [];
  if (known.some(etag => etag.replace(/^W\//, '') === file.etag)) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': file.contentType,
    'Content-Length': file.content.length,
  });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}
