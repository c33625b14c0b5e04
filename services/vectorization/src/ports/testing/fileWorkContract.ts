// Run by the contract of the repositories.
/* eslint-disable jest/no-export */
import type { VectorizeJob } from '../../domain/VectorizeJob';
import type { VectorizeJobRepository } from '../VectorizeJobRepository';

const completed = { status: 'COMPLETED', chunkCount: 7 } as const;
const failed = { status: 'FAILED', reason: 'Broken.' } as const;

/** What workers need of the repository of jobs. */
export function fileWorkContract(options: {
  /** A view on the same storage each time. */
  open(): VectorizeJobRepository;
  /** Adds a job of the files x.txt, y.txt and z.txt for the application `a`. */
  addJob(id: string): Promise<VectorizeJob>;
}): void {
  it('counts each file once, whoever settles it and how often', async () => {
    const job = await options.addJob('job');
    const jobs = options.open();
    const other = options.open();
    expect(await jobs.beginFile('job', 1, 4)).toMatchObject({
      job: { ...job, begun: true, updatedAt: 4 },
      file: { no: 1, fileName: 'y.txt', status: 'IN_PROGRESS' },
    });
    await Promise.all([
      jobs.settleFile('job', 0, completed, 5),
      other.settleFile('job', 0, completed, 6),
      jobs.settleFile('job', 0, completed, 7),
      other.settleFile('job', 1, failed, 8),
    ]);
    await other.settleFile('job', 0, failed, 9);
    await jobs.settleFile('job', 1, completed, 9);
    await jobs.settleFile('none', 0, completed, 9);
    expect(await jobs.find('a', 'job')).toMatchObject({
      completedFiles: 1,
      failedFiles: 1,
      totalFiles: 3,
    });
    expect((await jobs.listFiles('a', 'job', {}))!.items).toEqual([
      { no: 0, fileName: 'x.txt', status: 'COMPLETED', chunkCount: 7 },
      { no: 1, fileName: 'y.txt', status: 'FAILED', reason: 'Broken.' },
      { no: 2, fileName: 'z.txt', status: 'PENDING' },
    ]);
  });

  it('remembers how far a file is, and how often it failed', async () => {
    await options.addJob('job');
    const jobs = options.open();
    const other = options.open();
    const progress = async () => (await other.beginFile('job', 0, 4))!.progress;
    await jobs.noteProgress('job', 0, 32);
    expect(await progress()).toBe(0);
    await jobs.noteProgress('job', 0, 64);
    await other.noteProgress('job', 0, 32);
    expect(await progress()).toBe(64);
    expect(await jobs.countFailure('job', 0)).toBe(1);
    expect(await other.countFailure('job', 0)).toBe(2);
    await jobs.settleFile('job', 0, completed, 5);
    await jobs.noteProgress('job', 0, 96);
    await jobs.noteProgress('none', 0, 96);
    expect(await progress()).toBe(64);
    expect(await jobs.countFailure('job', 0)).toBe(0);
    expect(await jobs.countFailure('none', 0)).toBe(0);
  });
}
