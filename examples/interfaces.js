// Interfaces that can be captured on.

import { linkTypeName, listInterfaces } from 'pktap';

for (const { name, linkType, up } of await listInterfaces()) console.log(name, linkTypeName(linkType), up);
