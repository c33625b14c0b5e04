import * as z from 'zod';
import type { IngestProgress } from '../../domain/Ingest';
import {
  chunkingStrategy,
  formSizes,
  id,
  isOverlapSmaller,
  OVERLAP_TOO_LARGE,
} from '../schemas';

/** The fields of the form beside its files. */
export const formSchema = z
  .strictObject({
    index_id: id.optional(),
    chunking_strategy: chunkingStrategy.default('recursive'),
    ...formSizes,
  })
  .refine(form => isOverlapSmaller(form.chunking_strategy, form), {
    message: OVERLAP_TOO_LARGE,
    path: ['chunk_overlap'],
  });

export const ingestSchema = z
  .object({
    ingest_id: z.string(),
    status: z.enum(['STARTED', 'COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED']),
    step: z
      .enum(['extraction', 'chunking', 'vectorization'])
      .describe('The step that runs, or ran last.'),
    message: z
      .string()
      .optional()
      .describe('Why it ended other than by its last step.'),
    extraction_job_id: z.string(),
    chunking_job_id: z.string(),
    vectorize_job_id: z.string().optional(),
    index_id: z.string().optional(),
    total_file_count: z.int(),
    completed_file_count: z.int(),
    failed_file_count: z.int(),
    files: z.array(
      z.object({
        file_name: z.string(),
        step: z.enum(['extraction', 'chunking', 'vectorization']),
        status: z.enum(['PENDING', 'COMPLETED', 'FAILED']),
        reason: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Ingest' });

export function toIngestAnswer(
  progress: IngestProgress,
): z.output<typeof ingestSchema> {
  const { ingest, status, step, files } = progress;
  const count = (wanted: string) =>
    files.filter(file => file.status === wanted).length;
  return {
    ingest_id: ingest.id,
    status: status.toUpperCase() as 'STARTED',
    step,
    message: ingest.ending?.message,
    extraction_job_id: ingest.extractionJobId,
    chunking_job_id: ingest.chunkingJobId,
    vectorize_job_id: ingest.vectorizeJobId,
    index_id: ingest.indexId,
    total_file_count: files.length,
    completed_file_count: count('completed'),
    failed_file_count: count('failed'),
    files: files.map(file => ({
      file_name: file.fileName,
      step: file.step,
      status: file.status.toUpperCase() as 'PENDING',
      reason: file.reason,
    })),
  };
}
