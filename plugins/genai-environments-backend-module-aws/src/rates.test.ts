import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import { measureCreates } from './testing/rates/measureCreates';
import { measureRest } from './testing/rates/measureRest';

jest.setTimeout(120_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

describe('calls to AWS', () => {
  it('do not grow with the number of environments at rest', async () => {
    const report = await measureRest({ environments: 1000, minutes: 12 });
    expect(report.mostCallsAMinute).toBeLessThanOrEqual(20);
    expect(report.callsInFirstMinute).toBeLessThanOrEqual(60);
    expect(report.reconciles).toBeGreaterThanOrEqual(6000);
  });

  it('stay within the rates of AWS while many environments are created', async () => {
    const report = await measureCreates(6);
    for (const { api, perSecond, allowed = 6 } of report.peaks) {
      expect([api, Math.min(perSecond, allowed)]).toEqual([api, perSecond]);
    }
  });
});
