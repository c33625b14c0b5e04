import { render } from './render';

const values = {
  name: 'orders',
  owner: 'group:default/payments',
  description: 'Says "hello": and more\nin two lines $& $1',
  repositoryUrl: 'https://git.example.com/orders',
  environment: 'orders',
};
const fill = (text: string) => render({ path: 'README.md', text, values });

describe('render', () => {
  it('fills in values, as they are or quoted', () => {
    expect(fill('# ${{ values.name }} of ${{values.owner}}')).toBe(
      '# orders of group:default/payments',
    );
    expect(JSON.parse(fill('${{ values.description | dump }}'))).toBe(
      values.description,
    );
  });

  it('takes a value as text, never as another template', () => {
    const sneaky = { ...values, description: '${{ values.owner }}' };
    const text = '${{ values.description }} ${{ values.name }}';
    expect(render({ path: 'a', text, values: sneaky })).toBe(
      '${{ values.owner }} orders',
    );
    expect(fill('${{ values.description }}')).toBe(values.description);
  });

  it('leaves the expressions of workflows alone', () => {
    const workflow = 'ref: ${{ github.ref }} ${{ secrets.TOKEN }} {{ x }}';
    expect(fill(workflow)).toBe(workflow);
  });

  it.each(['${{ values.secret }}', '${{ values.name | upper }}'])(
    'refuses %s, naming the file',
    text => {
      expect(() => fill(text)).toThrow(
        /^README.md contains .* cannot be filled/,
      );
    },
  );
});
