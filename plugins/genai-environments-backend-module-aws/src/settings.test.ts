import { loadBundledBlueprints } from './blueprints/loadBundledBlueprints';
import { assertSettings, findSettingFaults } from './settings';
import { ensureBlueprintsBuilt } from './testing/world/ensureBlueprintsBuilt';

jest.setTimeout(120_000);

describe("a target's settings", () => {
  beforeAll(ensureBlueprintsBuilt);

  const faults = (settings: Record<string, string>) =>
    findSettingFaults({ id: 'lab', settings }, loadBundledBlueprints());

  it('are what the templates take', () => {
    expect(
      faults({
        ...{ logRetentionDays: '14', maxTasks: '8' },
        ...{ appAllowedCidrs: '10.0.0.0/8,192.0.2.0/24', hostedZoneId: 'Z1' },
        ...{ baseDomainName: 'genai.example.com', certificateArn: 'arn:x' },
        alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:genai-alarms',
        isolatedVpcCidr: '10.80.0.0/16',
      }),
    ).toEqual([]);
  });

  it.each<[Record<string, string>, RegExp]>([
    [
      { LogRetentionDays: '30' },
      /"lab": settings\.LogRetentionDays is not known\. Write it as logRetentionDays\./,
    ],
    [
      { colour: 'red' },
      /settings\.colour is not known\. There are alarmTopicArn, .*maxTasks\./,
    ],
    [
      { logRetentionDays: '45' },
      /logRetentionDays is "45"; it must be one of 1, 3, 7, 14, 30, /,
    ],
    [{ maxTasks: 'many' }, /maxTasks is "many"; it must be a number/],
    [{ maxTasks: '51' }, /maxTasks is "51"; it must be a number from 1 to 50/],
    [{ alarmTopicArn: 'genai-alarms' }, /alarmTopicArn .* must match \^/],
    [
      { baseDomainName: 'a'.repeat(221), certificateArn: 'arn:x' },
      /must have at most 220 characters/,
    ],
    [
      { baseDomainName: 'genai.example.com' },
      /baseDomainName needs settings\.certificateArn/,
    ],
  ])('are refused: %j', (settings, message) => {
    expect(faults(settings)).toEqual([expect.stringMatching(message)]);
    const target = {
      ...{ id: 'lab', accountId: '111122223333', region: 'eu-central-1' },
      ...{ tiers: [], vectorStore: 's3-vectors' as const, ownServices: false },
      settings,
    };
    expect(() => assertSettings([target], loadBundledBlueprints())).toThrow(
      message,
    );
  });
});
