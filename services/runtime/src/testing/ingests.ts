import { get, post } from './requests';
import type { SpawnedRuntime } from './spawnRuntime';

/** What the service says of an ingest. */
export type Ingest = {
  ingest_id: string;
  status: string;
  total_file_count: number;
  completed_file_count: number;
  failed_file_count: number;
  extraction_job_id: string;
  chunking_job_id: string;
  vectorize_job_id: string;
  files: Array<{ file_name: string; status: string; reason?: string }>;
};

/** @returns the id of an index in a new store */
export async function createIndex(
  api: SpawnedRuntime,
  { token, storeType }: { token: string; storeType: string },
): Promise<string> {
  const store = await post(api, '/vector/store/create', {
    token,
    body: { store_name: 'docs', store_type: storeType },
  });
  const index = await post(api, '/vector/store/index/create', {
    token,
    body: { store_id: store.store_id, index_name: 'docs' },
  });
  return index.index_id;
}

/** Sends texts as the files `file 0.txt`, `file 1.txt` and so on. */
export async function startIngest(
  api: SpawnedRuntime,
  options: { token: string; index: string; texts: readonly string[] },
): Promise<Ingest> {
  const { token, index, texts } = options;
  const form = new FormData();
  form.append('index_id', index);
  form.append('chunking_strategy', 'recursive');
  form.append('chunk_size', '400');
  form.append('chunk_overlap', '0');
  texts.forEach((text, no) =>
    form.append('files', new Blob([text]), `file ${no}.txt`),
  );
  const answer = await api.client.fetch('/document/ingest', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Ingest;
}

export function readIngest(
  api: SpawnedRuntime,
  { id, token }: { id: string; token: string },
): Promise<Ingest> {
  return get<Ingest>(api, `/document/ingest/${id}`, token);
}

/** Paragraphs of which no two fit into a chunk of {@link startIngest}. */
export function makeParagraphs(
  count: number,
  sentenceOf: (part: number) => string,
): string {
  return Array.from({ length: count }, (_, part) =>
    sentenceOf(part).repeat(12).trim(),
  ).join('\n\n');
}
