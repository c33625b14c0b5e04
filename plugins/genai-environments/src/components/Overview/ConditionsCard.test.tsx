import { mockBreakpoint } from '@backstage/core-components/testUtils';
import { renderInTestApp } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
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

  it('shows it below what was seen where a phone has no room', async () => {
    mockBreakpoint({ matches: true });
    await renderInTestApp(<ConditionsCard conditions={conditions} />);
    expect(columns()).toEqual(['Condition', 'What was seen']);
    expect(
      screen.getByRole('cell', { name: /All services answer\..*ago$/ }),
    ).toBeInTheDocument();
  });
});
