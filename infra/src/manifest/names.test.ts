import { sandboxListenerPriority, stackName } from './names';

describe('stackName', () => {
  it('fits into what CloudFormation takes, for the longest name', () => {
    const name = stackName('services', 'a'.repeat(32));
    expect(name).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
    expect(stackName('core', 'demo')).toBe('genai-demo-core');
  });
});

describe('sandboxListenerPriority', () => {
  it('is the same for the same environment, and another one for another try', () => {
    const first = sandboxListenerPriority('uid-1');
    expect(sandboxListenerPriority('uid-1')).toBe(first);
    expect(sandboxListenerPriority('uid-1', 1)).not.toBe(first);
  });

  it('is one that a load balancer takes', () => {
    for (let index = 0; index < 1000; index += 1) {
      const priority = sandboxListenerPriority(`uid-${index}`);
      expect(priority).toBeGreaterThanOrEqual(1);
      expect(priority).toBeLessThanOrEqual(50_000);
    }
  });
});
