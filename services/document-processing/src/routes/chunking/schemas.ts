import * as z from 'zod';
import type { Job, JobFile } from '../../domain/Job';
import {
  chunkingParams,
  chunkingStrategy,
  fileName,
  id,
  isOverlapSmaller,
  OVERLAP_TOO_LARGE,
} from '../schemas';

const chunkingStatus = z.enum([
  'WAITING_QUEUE_ALLOCATION',
  'QUEUED',
  'COMPLETED',
  'COMPLETED_WITH_ERRORS',
  'FAILED',
]);

type ChunkingStatus = z.output<typeof chunkingStatus>;

export const createRequest = z
  .object({
    extraction_job_id: id,
    chunking_strategy: chunkingStrategy,
    chunking_params: chunkingParams.nullish(),
  })
  .refine(
    ({ chunking_strategy: strategy, chunking_params: params }) =>
      isOverlapSmaller(strategy, params),
    {
      message: OVERLAP_TOO_LARGE,
      path: ['chunking_params', 'chunk_overlap'],
    },
  )
  .meta({ id: 'ChunkingJobRequest' });

export const createdSchema = z
  .object({
    chunking_job_id: z.string(),
    extraction_job_id: z.string(),
    status: chunkingStatus,
    total_file_count: z.int(),
  })
  .meta({ id: 'ChunkingJobCreated' });

export const jobSchema = z
  .object({
    chunking_job_id: z.string(),
    status: chunkingStatus,
    total_file_count: z.int(),
    completed_files: z.int(),
    failed_files: z.int(),
  })
  .meta({ id: 'ChunkingJob' });

export const listedJobSchema = jobSchema
  .extend({
    extraction_job_id: z.string(),
    chunking_strategy: chunkingStrategy,
    updated_at: z.string(),
  })
  .meta({ id: 'ListedChunkingJob' });

export const filesSchema = z
  .object({
    chunking_job_id: z.string(),
    files: z.array(
      z.object({
        file_name: z.string(),
        status: z.enum(['QUEUED', 'COMPLETED', 'FAILED']),
        timestamp: z.string(),
        chunk_count: z.int().optional(),
        reason: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'ChunkingFiles' });

export const urlRequest = z
  .object({ chunking_job_id: id, file_name: fileName })
  .meta({ id: 'ChunkFileUrlRequest' });

export const urlSchema = z
  .object({
    file_name: z.string(),
    chunk_file_url: z.string(),
    chunking_job_id: z.string(),
  })
  .meta({ id: 'ChunkFileUrl' });

export function toJobAnswer(job: Job) {
  return {
    chunking_job_id: job.id,
    status: toChunkingStatus(job),
    total_file_count: job.totalFiles,
    completed_files: job.completedFiles,
    failed_files: job.failedFiles,
  };
}

export function toChunkingStatus({
  status,
  dispatched,
}: Pick<Job, 'status' | 'dispatched'>): ChunkingStatus {
  switch (status) {
    case 'completed':
    case 'completed_with_errors':
    case 'failed':
      return status.toUpperCase() as ChunkingStatus;
    default:
      return dispatched ? 'QUEUED' : 'WAITING_QUEUE_ALLOCATION';
  }
}

export function toFileAnswer(file: JobFile) {
  const word = file.status.toUpperCase() as 'COMPLETED' | 'FAILED';
  const isEnd = file.status === 'completed' || file.status === 'failed';
  return {
    file_name: file.fileName,
    status: isEnd ? word : ('QUEUED' as const),
    timestamp: new Date(file.updatedAt).toISOString(),
    chunk_count: file.chunkCount,
    reason: file.reason,
  };
}
