import { mockBreakpoint } from '@backstage/core-components/testUtils';
import { renderInTestApp } from '@backstage/test-utils';
import { screen, within } from '@testing-library/react';
import { environmentFixture } from '../../__testUtils__/fixtures';
import { ConditionsCard } from './ConditionsCard';

const { conditions } = environmentFixture().status;
const columns = () =>
  screen.getAllByRole('columnheader').map(header => header.textContent);

describe('ConditionsCard', () => {
  it('shows since when in a column of its own', async () => {
    await renderInTestApp(<ConditionsCard conditions={conditions} />);
    expect(columns()).toEqual(['Condition', 'What was seen', 'Since']);
    expect(screen.getAllByText(/ago$/)).toHaveLength(1);
  });

  it('warns of what is true and asks for something to be done', async () => {
    const [ready] = conditions;
    const missing = {
      ...{ ...ready, type: 'TasksMissing', message: 'Fewer tasks run.' },
      nextAction: 'Ask the platform team.',
    };
    await renderInTestApp(<ConditionsCard conditions={[ready, missing]} />);
    const [, first, second] = screen.getAllByRole('row');
    expect(within(first).getByLabelText('Status ok')).toBeInTheDocument();
    expect(within(second).getByLabelText('Status warning')).toBeInTheDocument();
  });

  it('shows it below what was seen where a phone has no room', async () => {
    mockBreakpoint({ matches: true });
    await renderInTestApp(<ConditionsCard conditions={conditions} />);
    expect(columns()).toEqual(['Condition', 'What was seen']);
    expect(
      screen.getByRole('cell', { name: /All services answer\..*ago$/ }),
    ).toBeInTheDocument();
  });
});
