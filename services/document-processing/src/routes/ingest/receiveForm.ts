import type { MultipartFile } from '@fastify/multipart';
import {
  type Caller,
  CLASSIC_SCOPE,
  ContentTooLargeError,
  ForbiddenError,
  InvalidInputError,
  toSchemaViolation,
  UnsupportedContentError,
} from '@genai-environments/service-kit';
import type { FastifyRequest } from 'fastify';
import { MAX_FILE_BYTES } from '../../domain/Format';
import type { Ingest } from '../../domain/Ingest';
import { uploadKey } from '../../domain/objectKeys';
import type { RouteDependencies } from '../dependencies';
import { fileName as fileNameSchema, toSettings } from '../schemas';
import { formSchema } from './schemas';

/**
 * Stores the files of a form as they arrive; nothing stays when one is refused.
 *
 * @throws SchemaViolationError, InvalidInputError, ForbiddenError, ConflictError,
 * ContentTooLargeError
 */
export async function receiveForm(
  request: FastifyRequest,
  dependencies: RouteDependencies,
): Promise<Ingest> {
  if (!request.isMultipart()) {
    throw new UnsupportedContentError(
      'This route takes a form with files. Send "multipart/form-data".',
      { code: 'unsupported_media_type' },
    );
  }
  const { ingests } = dependencies;
  const { clientId } = request.caller!;
  const fields: Record<string, unknown> = {};
  let ingest: Ingest | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        ingest ??= await beginIngest(request.caller!, fields, dependencies);
        await storeFile(part, ingest, dependencies);
      } else if (ingest) {
        throw new InvalidInputError(
          `Send the field ${JSON.stringify(part.fieldname)} before the files.`,
          { code: 'field_after_files' },
        );
      } else {
        fields[part.fieldname] = part.value;
      }
    }
  } catch (error) {
    if (ingest) await ingests.delete(clientId, ingest.id);
    throw explain(error);
  }
  if (ingest) return ingest;
  throw new InvalidInputError('The form holds no file. Add at least one.', {
    code: 'no_files',
  });
}

async function beginIngest(
  caller: Caller,
  fields: Record<string, unknown>,
  { ingests }: RouteDependencies,
): Promise<Ingest> {
  const form = formSchema.safeParse(fields);
  if (!form.success) throw toSchemaViolation(form.error, 'form');
  const { index_id: indexId, chunking_strategy: strategy } = form.data;
  if (indexId !== undefined) assertMayWriteVectors(caller);
  const chunking = toSettings({ strategy, params: form.data });
  return ingests.create(caller.clientId, { indexId, chunking });
}

/** Writing documents must not open a way to indexes. */
function assertMayWriteVectors(caller: Caller): void {
  const sufficientScopes = ['genai/vector.write', CLASSIC_SCOPE];
  if (sufficientScopes.some(scope => caller.hasScope(scope))) return;
  throw new ForbiddenError(
    'An ingest with an index writes vectors: the token needs the scope "genai/vector.write" beside "genai/document.write". Without "index_id" it ends after chunking.',
    { code: 'insufficient_scope', sufficientScopes },
  );
}

async function storeFile(
  part: MultipartFile,
  { clientId, extractionJobId }: Ingest,
  { extraction, objects }: RouteDependencies,
): Promise<void> {
  const name = fileNameSchema.safeParse(part.filename);
  if (!name.success) throw toSchemaViolation(name.error, 'name of a file');
  const file = await extraction.register(clientId, extractionJobId, name.data);
  await objects.put(uploadKey(file), part.file, {
    contentType: 'application/octet-stream',
  });
  if (part.file.truncated) throw tooLarge();
}

/** What the parser of forms says, in our words. */
function explain(error: unknown): unknown {
  const { code } = error as { code?: string };
  switch (code) {
    case 'FST_REQ_FILE_TOO_LARGE':
      return tooLarge();
    case 'FST_FILES_LIMIT':
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT':
      return new ContentTooLargeError(
        'The form has too many files or fields. Send the files in several ingests.',
        { code: 'form_too_large' },
      );
    case undefined:
      return isFormError(error)
        ? new InvalidInputError(
            'The form breaks off or is malformed. Send it again.',
            { code: 'malformed_form', cause: error },
          )
        : error;
    default:
      return error;
  }
}

/** Its parser throws plain errors. */
function isFormError(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.constructor === Error &&
    /multipart|part terminated|Unexpected end|Malformed/i.test(error.message)
  );
}

function tooLarge(): ContentTooLargeError {
  return new ContentTooLargeError(
    `A file may have at most ${MAX_FILE_BYTES} bytes. Split it.`,
    { code: 'file_too_large' },
  );
}
