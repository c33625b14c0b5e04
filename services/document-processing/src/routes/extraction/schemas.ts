import * as z from 'zod';
import type { FileStatus, Job, JobStatus } from '../../domain/Job';
import { fileName, id } from '../schemas';

export const extractionStatus = z.enum([
  'CREATED',
  'STARTED',
  'COMPLETED',
  'COMPLETED_WITH_ERRORS',
  'FAILED',
]);

export const extractionFileStatus = z.enum([
  'PENDING',
  'QUEUED',
  'COMPLETED',
  'FAILED',
]);

export const createdSchema = z
  .object({ extraction_job_id: z.string(), status: z.literal('CREATED') })
  .meta({ id: 'ExtractionJobCreated' });

export const fileRequest = z
  .object({ extraction_job_id: id, file_name: fileName })
  .meta({ id: 'ExtractionFileRequest' });

export const registeredSchema = z
  .object({
    extraction_job_id: z.string(),
    file_name: z.string(),
    file_id: z.string(),
    upload_url: z.string().describe('`PUT` the file here within an hour.'),
  })
  .meta({ id: 'RegisteredFile' });

export const startRequest = z
  .object({ extraction_job_id: id })
  .meta({ id: 'ExtractionStartRequest' });

export const startedSchema = z
  .object({
    extraction_job_id: z.string(),
    total_files: z.int(),
    status: extractionStatus,
  })
  .meta({ id: 'ExtractionJobStarted' });

export const jobSchema = z
  .object({
    job_id: z.string(),
    completed_file_count: z.int(),
    total_file_count: z.int(),
    failed_file_count: z.int(),
    status: extractionStatus,
  })
  .meta({ id: 'ExtractionJob' });

export const listedJobSchema = jobSchema
  .extend({ queued_files: z.int(), updated_at: z.string() })
  .meta({ id: 'ListedExtractionJob' });

export const jobFileSchema = z
  .object({
    job_id: z.string(),
    file_name: z.string(),
    status: extractionFileStatus,
    reason: z.string().optional().describe('Why it failed.'),
    warning: z.string().optional().describe('What could not be read of it.'),
  })
  .meta({ id: 'ExtractionFile' });

export const fileStatusSchema = z
  .object({
    status: extractionFileStatus,
    result_url: z.string().nullable(),
    tables_url: z.string().optional(),
    extraction_job_id: z.string(),
    reason: z.string().optional(),
    warning: z.string().optional(),
  })
  .meta({ id: 'ExtractionFileStatus' });

export const resultsSchema = z
  .object({
    files: z.array(
      z.object({
        file_name: z.string(),
        extracted_text_url: z.string(),
        extracted_tables_url: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'ExtractionResults' });

/** The classic words are the same in capitals. */
export function toWord<S extends JobStatus | FileStatus>(
  status: S,
): Uppercase<S> {
  return status.toUpperCase() as Uppercase<S>;
}

export function toJobAnswer(job: Job) {
  return {
    job_id: job.id,
    completed_file_count: job.completedFiles,
    total_file_count: job.totalFiles,
    failed_file_count: job.failedFiles,
    status: toWord(job.status),
  };
}
