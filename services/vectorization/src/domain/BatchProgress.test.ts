import { BatchProgress } from './BatchProgress';

describe('BatchProgress', () => {
  it('notes how far all is done, never beyond a gap', async () => {
    const noted: number[] = [];
    const progress = new BatchProgress(async end => void noted.push(end));
    const [first, second, third] = [32, 64, 70].map(end => progress.begin(end));
    await second();
    expect(noted).toEqual([]);
    await first();
    expect(noted).toEqual([64]);
    const fourth = progress.begin(90);
    await fourth();
    expect(noted).toEqual([64]);
    await third();
    expect(noted).toEqual([64, 90]);
  });
});
