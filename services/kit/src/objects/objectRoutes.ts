import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import * as z from 'zod';
import type { FileObjectStore } from '../adapters/local/FileObjectStore';
import type { ObjectGrant } from '../adapters/local/ObjectUrlSigner';
import type { ServiceApp } from '../app/ServiceApp';
import {
  ContentTooLargeError,
  InvalidInputError,
  NotFoundError,
} from '../errors';
import { contentDisposition } from './contentDisposition';

const URL_PATTERN = '/objects/*';

const SIGNED_ADDRESS = {
  name: 'signedAddress',
  description:
    "A signature in the query; the address of another route's answer holds it already.",
  type: 'apiKey',
  in: 'query',
  parameter: 'signature',
} as const;

const params = z.object({
  '*': z.string().max(900).describe('Key of the object; part of the address.'),
});

/**
 * Where the addresses lead that a {@link FileObjectStore} signs: `PUT` and `GET` below
 * `/objects/`, open to whoever has the address, until it expires.
 *
 * Bodies stream to and from the disk, whatever their `Content-Type`.
 */
export function objectRoutes(store: FileObjectStore) {
  const grantOf = (request: FastifyRequest): ObjectGrant =>
    store.verify({
      method: request.method,
      key: (request.params as { '*': string })['*'],
      query: new URLSearchParams(request.url.split('?')[1]),
    });
  const config = {
    auth: {
      verify: (request: FastifyRequest) => void grantOf(request),
      credential: SIGNED_ADDRESS,
    },
  };

  return async (app: ServiceApp): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) =>
      done(null, payload),
    );

    app.put(
      URL_PATTERN,
      {
        config,
        schema: {
          summary: 'Upload a file to a signed address',
          description:
            'The address comes from another route and holds everything: send the bytes, without a token.',
          params,
          consumes: ['application/octet-stream'],
          response: { 200: z.object({}) },
        },
      },
      async (request, reply) => {
        await upload(store, {
          grant: grantOf(request) as ObjectGrant & { method: 'PUT' },
          request,
          reply,
        });
        return {};
      },
    );

    app.get(
      URL_PATTERN,
      {
        config,
        schema: {
          summary: 'Download a file from a signed address',
          description:
            'The address comes from another route and holds everything: no token is needed.',
          params,
          produces: ['application/octet-stream'],
        },
      },
      (request, reply) =>
        download(store, {
          grant: grantOf(request) as ObjectGrant & { method: 'GET' },
          reply,
        }),
    );
  };
}

async function upload(
  store: FileObjectStore,
  options: {
    grant: ObjectGrant & { method: 'PUT' };
    request: FastifyRequest;
    reply: FastifyReply;
  },
): Promise<void> {
  const { grant, request, reply } = options;
  const { key, contentType, maxSizeBytes } = grant;
  if (Number(request.headers['content-length'] ?? 0) > maxSizeBytes) {
    throw tooLarge(maxSizeBytes);
  }
  // There is no body to parse when its length is 0 and it has no type.
  const body = request.body instanceof Readable ? request.body : '';
  try {
    await store.put(
      key,
      body && Readable.from(limited(body, maxSizeBytes), { objectMode: false }),
      { contentType },
    );
  } catch (error) {
    // The rest of the body is not read, so the connection is of no more use.
    reply.header('connection', 'close');
    if (!request.raw.readableAborted) throw error;
    throw new InvalidInputError('The upload broke off before its end.', {
      code: 'upload_interrupted',
      cause: error,
    });
  }
}

/** Passes the body on; what is too large fails without cutting the connection off. */
async function* limited(
  body: Readable,
  maxSizeBytes: number,
): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > maxSizeBytes) throw tooLarge(maxSizeBytes);
    yield chunk as Buffer;
  }
}

async function download(
  store: FileObjectStore,
  options: { grant: ObjectGrant & { method: 'GET' }; reply: FastifyReply },
): Promise<FastifyReply> {
  const { grant, reply } = options;
  const found = await store.get(grant.key);
  if (!found) {
    throw new NotFoundError(
      'There is nothing at this address: it was not uploaded yet, or was deleted.',
      { code: 'object_not_found' },
    );
  }
  if (grant.fileName !== undefined) {
    reply.header('content-disposition', contentDisposition(grant.fileName));
  }
  return (
    reply
      .header('content-length', found.sizeBytes)
      .header('last-modified', new Date(found.lastModifiedAt).toUTCString())
      .header('cache-control', 'private, no-cache')
      // What somebody uploaded must not run with the rights of this origin's pages.
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('x-content-type-options', 'nosniff')
      .type(found.contentType)
      .send(found.body)
  );
}

function tooLarge(maxSizeBytes: number): ContentTooLargeError {
  return new ContentTooLargeError(
    `At most ${maxSizeBytes} bytes may be uploaded to this address. Split the file or make it smaller.`,
  );
}
