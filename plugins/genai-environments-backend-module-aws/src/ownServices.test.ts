import { useScene } from './testing/world/useScene';

describe("a project's own services", () => {
  const scene = useScene({ isReady: true });

  beforeEach(() => {
    const [tags] = [...scene.world.region.images]
      .filter(([name]) => name.includes('-core-'))
      .map(([, images]) => images);
    tags.add('services');
  });

  const image = () => {
    const stack = scene.stack('services');
    return stack!.resources.get('Task')!.properties.ContainerDefinitions[0]
      .Image as string;
  };
  const lookOften = async () => {
    for (let look = 0; look < 6; look++) await scene.driver.step();
  };

  it('are not run where the target does not say so', async () => {
    const before = image();
    await lookOften();
    scene.driver.want({ generation: 2 });
    await scene.driver.untilSettled('Ready');
    expect(image()).toBe(before);
  });

  it('are rolled out when they are pushed, by their digest', async () => {
    const [target] = scene.world.config.targets;
    target.ownServices = true;
    await lookOften();
    await scene.driver.untilSettled('Ready');
    expect(image()).toMatch(/-core-.*@sha256:/);
    expect(scene.driver.desired.status.observedGeneration).toBe(1);

    target.runtimeImage = 'mirror.example/genai-runtime:9';
    scene.driver.want({ generation: 2 });
    await scene.driver.untilSettled('Ready');
    expect(image()).toMatch(/-core-.*@sha256:/);
  });
});
