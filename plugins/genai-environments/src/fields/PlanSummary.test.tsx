import { renderInTestApp } from '@backstage/test-utils';
import type { Plan } from '@genai-environments/backstage-plugin-genai-environments-common';
import { screen, within } from '@testing-library/react';
import { PlanSummary } from './PlanSummary';

const plan: Plan = {
  problems: [],
  resources: [],
  monthlyCost: { amount: 61, currency: 'USD' },
};

describe('PlanSummary', () => {
  it('lists what use costs, to the last digit of small prices', async () => {
    const perUse = [
      { name: 'requests', unit: 'million', amount: 4.1 },
      { name: 'objects', unit: 'GiB and month', amount: 0.023 },
    ];
    await renderInTestApp(<PlanSummary plan={{ ...plan, perUse }} />);
    expect(screen.getByText('$61.00 a month')).toBeInTheDocument();
    const list = screen.getByRole('list', { name: 'Cost per use' });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(item => item.textContent),
    ).toEqual(['requests: $4.10 / million', 'objects: $0.023 / GiB and month']);
  });

  it.each([undefined, []])(
    'says nothing of use that costs nothing',
    async perUse => {
      await renderInTestApp(<PlanSummary plan={{ ...plan, perUse }} />);
      expect(screen.queryByText('Per use')).not.toBeInTheDocument();
    },
  );
});
