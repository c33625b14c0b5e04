/** A text and a question with which a newcomer can see what the model does. */
export const exampleText = `Lighthouse keepers at Cape Alder changed the lamp oil every four hours. The tower was built in 1871 from granite that ships brought as ballast. Its light could be seen from eighteen miles away. In 1934 an electric lamp replaced the oil lamp, and the last keeper left the cape in 1962. Since then the light has run by itself. The keeper's house is a museum now, open from May to September, and visitors can climb the 212 steps to the gallery.`;

export const exampleQuestion = 'When was the oil lamp replaced?';
