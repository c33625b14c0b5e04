import { foundationModelArns } from './foundationModels';

const arn = (region: string, id: string) =>
  `arn:aws:bedrock:${region}::foundation-model/${id}`;

describe('what roles of tasks may invoke', () => {
  it('is a model in its region, or wherever its profile has it', () => {
    expect(
      foundationModelArns([
        arn('eu-central-1', 'a'),
        arn('eu-central-1', 'b'),
        arn('eu-west-1', 'b'),
        arn('eu-central-1', 'a'),
      ]),
    ).toEqual([arn('eu-central-1', 'a'), arn('*', 'b')]);
  });

  it('fits into a parameter with ten models of ten regions', () => {
    const names = Array.from({ length: 10 }, (_, n) =>
      `${n}`.padStart(60, 'm'),
    );
    const all = names.flatMap(name =>
      Array.from({ length: 10 }, (_, n) => arn(`eu-central-${n}`, name)),
    );
    expect(all.join(',').length).toBeGreaterThan(4096);
    expect(foundationModelArns(all).join(',').length).toBeLessThan(4096);
  });
});
