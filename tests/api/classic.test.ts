/**
 * A Python client of the reference architecture, unmodified: the classic surface in the order
 * in which programs call it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { secretOf, TestEnvironment } from './support/environment';
import { runPython } from './support/python';

// What each step of clients/classic.py was answered.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- asserted field by field
type Answers = Record<string, any>;

const FILES = ['handbook.txt', 'offices.md', 'rules.json'];

describe('a classic client', () => {
  let environment: TestEnvironment;
  let answers: Answers;

  before(async () => {
    environment = await TestEnvironment.start();
    await environment.putApplication('classic');
    const script = join(__dirname, 'clients/classic.py');
    const { code, output } = await runPython([script], {
      GENAI_ENDPOINT: environment.url,
      GENAI_CLIENT_ID: 'classic',
      GENAI_CLIENT_SECRET: secretOf('classic'),
      GENAI_ADMIN_KEY: environment.controlKey,
    });
    assert.equal(code, 0, output);
    answers = JSON.parse(output);
  });

  after(() => environment?.dispose());

  it('extracts documents, of which one that is broken fails alone', () => {
    const { extraction } = answers;
    const jobId = extraction.created.extraction_job_id;
    assert.deepEqual(extraction.created, {
      extraction_job_id: jobId,
      status: 'CREATED',
    });
    for (const file of extraction.registered) {
      assert.deepEqual(Object.keys(file).sort(), [
        'extraction_job_id',
        'file_id',
        'file_name',
        'upload_url',
      ]);
    }
    assert.deepEqual(extraction.uploads, [200, 200, 200, 200]);
    assert.deepEqual(extraction.started, {
      extraction_job_id: jobId,
      total_files: 4,
      status: 'STARTED',
    });
    assert.deepEqual(extraction.status, {
      job_id: jobId,
      completed_file_count: 3,
      total_file_count: 4,
      failed_file_count: 1,
      status: 'COMPLETED_WITH_ERRORS',
    });
    const [{ updated_at: updatedAt, ...job }] = extraction.jobs;
    assert.ok(Date.parse(updatedAt) > 0);
    assert.deepEqual(job, { ...extraction.status, queued_files: 0 });
  });

  it('reads the state and the text of each file', () => {
    const { extraction } = answers;
    const jobId = extraction.created.extraction_job_id;
    const states = extraction.files.map((file: Answers) => [
      file.job_id,
      file.file_name,
      file.status,
    ]);
    assert.deepEqual(states, [
      ...FILES.map(name => [jobId, name, 'COMPLETED']),
      [jobId, 'broken.pdf', 'FAILED'],
    ]);
    const [handbook, , , broken] = extraction.file_statuses;
    assert.equal(handbook.status, 'COMPLETED');
    assert.equal(handbook.extraction_job_id, jobId);
    assert.ok(handbook.result_url);
    assert.equal(broken.status, 'FAILED');
    assert.equal(broken.result_url, null);

    const results = extraction.results.files;
    assert.deepEqual(
      results.map((file: Answers) => file.file_name),
      FILES,
    );
    const [text] = extraction.artefacts;
    assert.equal(text.job_id, jobId);
    assert.equal(text.file_name, 'handbook.txt');
    assert.equal(text.pages[0].page_number, 1);
    assert.match(text.pages[0].page_text, /thirty days of leave/);
  });

  it('cuts what was extracted', () => {
    const { created, status, files, url, artefact, jobs } = answers.chunking;
    const jobId = created.chunking_job_id;
    assert.deepEqual(created, {
      chunking_job_id: jobId,
      extraction_job_id: answers.extraction.created.extraction_job_id,
      status: 'WAITING_QUEUE_ALLOCATION',
      total_file_count: 3,
    });
    assert.deepEqual(status, {
      chunking_job_id: jobId,
      status: 'COMPLETED',
      total_file_count: 3,
      completed_files: 3,
      failed_files: 0,
    });
    assert.equal(files.chunking_job_id, jobId);
    for (const file of files.files) {
      assert.ok(FILES.includes(file.file_name));
      assert.equal(file.status, 'COMPLETED');
      assert.ok(Date.parse(file.timestamp) > 0);
    }
    assert.equal(url.file_name, 'handbook.txt');
    assert.equal(url.chunking_job_id, jobId);
    assert.match(artefact[0].chunk, /thirty days of leave/);
    assert.equal(jobs[0].chunking_job_id, jobId);
  });

  it('makes a store with an index, fills it and searches', () => {
    const { store, index, job, status, ...vectors } = answers.vectors;
    assert.equal(store.store_name, 'handbooks');
    assert.equal(store.store_type, 'opensearchserverless');
    assert.match(store.message, /local/);
    assert.deepEqual(vectors.store_status, {
      store_id: store.store_id,
      status: 'ACTIVE',
    });
    assert.equal(vectors.unknown_store.status, 'NOT_FOUND');
    assert.equal(index.index_name, 'handbook');
    assert.equal(index.store_id, store.store_id);
    assert.equal(index.store_type, 'opensearchserverless');
    assert.deepEqual(vectors.index_status, {
      index_id: index.index_id,
      status: 'ACTIVE',
    });
    assert.partialDeepStrictEqual(status, {
      vectorize_job_id: job.vectorize_job_id,
      vector_store_id: store.store_id,
      index_id: index.index_id,
      chunking_job_id: answers.chunking.created.chunking_job_id,
      total_file_count: 3,
      completed_file_count: 3,
      failed_file_count: 0,
      status: 'COMPLETED',
    });
    assert.equal(vectors.stores[0].store_id, store.store_id);
    assert.equal(vectors.indexes[0].index_id, index.index_id);
    assert.equal(vectors.jobs[0].vectorize_job_id, job.vectorize_job_id);
    assert.equal(vectors.found.length, 3);
    assert.match(vectors.found[0].text, /thirty days of leave/);
  });

  it('keeps versions of a prompt', () => {
    const { saved, latest, first, versions, list } = answers.prompts;
    assert.deepEqual(
      saved.map((each: Answers) => each.version),
      [1, 2],
    );
    assert.ok(latest.id);
    assert.partialDeepStrictEqual(latest, {
      name: 'answer',
      prompt_template: 'Answer {question} from {context}',
      version: 2,
    });
    assert.deepEqual(latest, saved[1]);
    assert.deepEqual(first, saved[0]);
    assert.equal(versions.length, 2);
    assert.deepEqual(
      list.answer.map((each: Answers) => each.version).sort(),
      [1, 2],
    );
  });

  it('asks models, now and for later', () => {
    const { models, text, messages, fetched, raw, embedded } = answers.models;
    assert.equal(models.text_models[0].model_id, 'local.extractive');
    assert.equal(models.embed_models[0].model_id, 'local.embedding');
    for (const answer of [text, messages, fetched, raw]) {
      assert.match(answer.output_text, /thirty days of leave/);
      assert.ok(answer.input_tokens > 0);
      assert.ok(answer.output_tokens > 0);
    }
    assert.ok(embedded.embedding.length > 100);
    assert.ok(embedded.embedding.every(Number.isFinite));
  });

  it('administrates applications', () => {
    const { health, document, made, clients, ...admin } = answers.admin;
    assert.ok(health.length >= 5);
    for (const service of health) assert.equal(service.status, 'healthy');
    assert.match(document, /^3\.1/);
    assert.ok(made && admin.deactivated && admin.activated);
    const names = JSON.stringify(clients);
    assert.match(names, /classic/);
    assert.match(names, /second/);
  });

  it('sees what the application made and used', () => {
    const { metrics } = answers.admin;
    const { invocations } = metrics;
    assert.partialDeepStrictEqual(invocations.items['local.extractive'], {
      model_name: 'local.extractive',
      total_count: 4,
      status_counts: { SUCCESS: 4 },
    });
    assert.ok(invocations.items['local.embedding'].total_input_tokens > 0);
    assert.deepEqual(metrics['extraction-jobs'].items, {
      COMPLETED_WITH_ERRORS: {
        total_count: 1,
        total_completed_file_count: 3,
        total_total_file_count: 4,
        total_failed_file_count: 1,
      },
    });
    for (const kind of ['chunking-jobs', 'vectorization-jobs']) {
      assert.deepEqual(metrics[kind].items, {
        COMPLETED: {
          total_count: 1,
          total_completed_files: 3,
          total_total_files: 3,
          total_failed_files: 0,
        },
      });
    }
    assert.equal(metrics['vector-stores'].items[0].store_name, 'handbooks');
    assert.equal(metrics['vector-indexes'].items[0].index_name, 'handbook');
    for (const each of Object.values<Answers>(metrics)) {
      assert.equal(each.last_evaluated_key, null);
    }
  });

  it('has met no error of the environment', () => {
    assert.deepEqual(environment.errors(), []);
  });
});
