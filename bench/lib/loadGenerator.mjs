/** Child process that runs one load after the other: jobs and results travel over IPC. */
import autocannon from 'autocannon';

process.on('message', async job => {
  try {
    const result = await autocannon(job);
    process.send({
      requests: result['2xx'],
      seconds: result.duration,
      refused: result.non2xx,
      errors: result.errors + result.timeouts + result.mismatches,
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
    });
  } catch (error) {
    process.send({ failure: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
