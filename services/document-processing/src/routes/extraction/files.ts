import { NEXT_CURSOR, type ServiceApp } from '@genai-environments/service-kit';
import * as z from 'zod';
import { documentAuth, RouteDependencies } from '../dependencies';
import { idParams, pageQuery } from '../schemas';
import {
  fileRequest,
  fileStatusSchema,
  jobFileSchema,
  registeredSchema,
  resultsSchema,
  toWord,
} from './schemas';

const config = { auth: documentAuth };

/** Files of extraction jobs: registering, watching, results. */
export function addExtractionFileRoutes(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  const { extraction } = dependencies;
  addListRoutes(app, dependencies);

  app.post(
    '/document/extraction/register_file',
    {
      config,
      schema: {
        summary:
          'Register a file with a job and get an address to upload it to',
        body: fileRequest,
        response: { 200: registeredSchema },
      },
    },
    async request => {
      const { extraction_job_id: jobId, file_name: name } = request.body;
      const { clientId } = request.caller!;
      const file = await extraction.register(clientId, jobId, name);
      return {
        extraction_job_id: jobId,
        file_name: name,
        file_id: file.id,
        upload_url: await extraction.signUpload(file),
      };
    },
  );

  app.post(
    '/document/extraction/file_status',
    {
      config,
      schema: {
        summary: 'Say how far a file is, and where its text is',
        body: fileRequest,
        response: { 200: fileStatusSchema },
      },
    },
    async request => {
      const { extraction_job_id: jobId, file_name: name } = request.body;
      const { clientId } = request.caller!;
      const file = await extraction.getFile(clientId, jobId, name);
      const { reason, warning } = file;
      return {
        status: toWord(file.status),
        result_url: (await extraction.signText(file)) ?? null,
        tables_url: await extraction.signTables(file),
        extraction_job_id: jobId,
        reason,
        warning,
      };
    },
  );
}

function addListRoutes(
  app: ServiceApp,
  { extraction }: RouteDependencies,
): void {
  app.get(
    '/document/extraction/job_files/:id',
    {
      config,
      schema: {
        summary: 'List the files of an extraction job',
        params: idParams,
        querystring: pageQuery,
        response: { 200: z.array(jobFileSchema) },
      },
    },
    async (request, reply) => {
      const { items, nextCursor } = await extraction.listFiles(
        request.caller!.clientId,
        request.params.id,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return items.map(({ jobId, fileName, status, reason, warning }) => ({
        job_id: jobId,
        file_name: fileName,
        status: toWord(status),
        reason,
        warning,
      }));
    },
  );

  app.get(
    '/document/extraction/job_results/:id',
    {
      config,
      schema: {
        summary: 'List the results of an extraction job',
        description:
          'Files that are extracted, with addresses valid for an hour.',
        params: idParams,
        querystring: pageQuery,
        response: { 200: resultsSchema },
      },
    },
    async (request, reply) => {
      const { items, nextCursor } = await extraction.listFiles(
        request.caller!.clientId,
        request.params.id,
        request.query,
      );
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      const completed = items.filter(({ status }) => status === 'completed');
      const files = await Promise.all(
        completed.map(async file => ({
          file_name: file.fileName,
          extracted_text_url: (await extraction.signText(file))!,
          extracted_tables_url: await extraction.signTables(file),
        })),
      );
      return { files };
    },
  );
}
