// Names of what LLDP announces. Source: IEEE 802.1AB, 802.1Q annex D, 802.3 clause 79; RFC 4836 (dot3MauType); ANSI/TIA-1057.

import { counted } from '../../inline.js';
import type { Bits, Words } from '../../printer.js';

export const TLVS: Words = {
  ...counted(
    0,
    'End|Chassis ID|Port ID|Time to Live|Port Description|System Name|System Description|System Capabilities|' +
      'Management Address',
  ),
  127: 'Organization specific',
};
export const CHASSIS_IDS = counted(
  1,
  'Chassis component|Interface alias|Port component|MAC address|Network address|Interface name|Local',
);
export const PORT_IDS = counted(
  1,
  'Interface alias|Port component|MAC address|Network Address|Interface Name|Agent circuit ID|Local',
);
export const CAPABILITIES: Bits = [
  [0x01, 'Other'],
  [0x02, 'Repeater'],
  [0x04, 'Bridge'],
  [0x08, 'WLAN AP'],
  [0x10, 'Router'],
  [0x20, 'Telephone'],
  [0x40, 'Docsis'],
  [0x80, 'Station Only'],
];
export const INTERFACE_NUMBERINGS = counted(2, 'Interface Index|System Port Number');

export const IEEE_8021_SUBTYPES = counted(
  1,
  'Port VLAN Id|Port and Protocol VLAN ID|VLAN name|Protocol Identity|||Link aggregation|Congestion Notification|' +
    'ETS Configuration|ETS Recommendation|Priority Flow Control Configuration|Application Priority|EVB|CDCP',
);
export const PROTOCOL_VLAN_FLAGS: Bits = [
  [0x02, 'supported'],
  [0x04, 'enabled'],
];
export const EVB_MODES = counted(
  0,
  'Not Supported|EVB Bridge|EVB Station|Reserved for future Standardization',
);

export const IEEE_8023_SUBTYPES = counted(
  1,
  'MAC/PHY configuration/status|Power via MDI|Link aggregation|Max frame size',
);
/** Of autonegotiation, and of link aggregation. */
export const SUPPORTED_ENABLED: Bits = [
  [0x01, 'supported'],
  [0x02, 'enabled'],
];
export const AUTONEGOTIATION: Bits = [
  [0x4000, '10BASE-T hdx'],
  [0x2000, '10BASE-T fdx'],
  [0x1000, '100BASE-T4'],
  [0x0800, '100BASE-TX hdx'],
  [0x0400, '100BASE-TX fdx'],
  [0x0200, '100BASE-T2 hdx'],
  [0x0100, '100BASE-T2 fdx'],
  [0x0080, 'Pause for fdx links'],
  [0x0040, 'Asym PAUSE for fdx'],
  [0x0020, 'Sym PAUSE for fdx'],
  [0x0010, 'Asym and Sym PAUSE for fdx'],
  [0x0008, '1000BASE-{X LX SX CX} hdx'],
  [0x0004, '1000BASE-{X LX SX CX} fdx'],
  [0x0002, '1000BASE-T hdx'],
  [0x0001, '1000BASE-T fdx'],
];
export const MAU_TYPES = counted(
  0,
  'Unknown|AUI|10BASE_5|FOIRL|10BASE2|10BASET duplex mode unknown|10BASEFP|10BASEFB|10BASEFL duplex mode unknown|' +
    '10BROAD36|10BASET hdx|10BASET fdx|10BASEFL hdx|10BASEFL fdx|100BASET4|100BASETX hdx|100BASETX fdx|' +
    '100BASEFX hdx|100BASEFX fdx|100BASET2 hdx|100BASET2 fdx|1000BASEX hdx|1000BASEX fdx|1000BASELX hdx|' +
    '1000BASELX fdx|1000BASESX hdx|1000BASESX fdx|1000BASECX hdx|1000BASECX fdx|1000BASET hdx|1000BASET fdx|' +
    '10GBASEX|10GBASELX4|10GBASER|10GBASEER|10GBASELR|10GBASESR|10GBASEW|10GBASEEW|10GBASELW|10GBASESW',
);
export const POWER: Bits = [
  [0x01, 'PSE'],
  [0x02, 'supported'],
  [0x04, 'enabled'],
  [0x08, 'can be controlled'],
];
export const POWER_PAIRS = counted(1, 'signal|spare');
export const POWER_CLASSES = counted(1, 'class0|class1|class2|class3|class4');

export const MED_SUBTYPES = counted(
  1,
  'LLDP-MED Capabilities|Network policy|Location identification|Extended power-via-MDI|' +
    'Inventory - hardware revision|Inventory - firmware revision|Inventory - software revision|' +
    'Inventory - serial number|Inventory - manufacturer name|Inventory - model name|Inventory - asset ID',
);
export const INVENTORY = counted(
  5,
  'Hardware revision|Firmware revision|Software revision|Serial number|Manufacturer name|Model name|Asset ID',
);
export const MED_CAPABILITIES: Bits = [
  [0x01, 'LLDP-MED capabilities'],
  [0x02, 'network policy'],
  [0x04, 'location identification'],
  [0x08, 'extended power via MDI-PSE'],
  [0x10, 'extended power via MDI-PD'],
  [0x20, 'Inventory'],
];
export const MED_DEVICES = counted(
  1,
  'endpoint class 1|endpoint class 2|endpoint class 3|network connectivity',
);
export const APPLICATIONS = counted(
  1,
  'voice|voice signaling|guest voice|guest voice signaling|softphone voice|video conferencing|streaming video|' +
    'video signaling',
);
export const POLICY_FLAGS: Bits = [
  [0x80, 'Unknown'],
  [0x40, 'Tagged'],
  [0x20, 'reserved'],
];
export const LOCATION_FORMATS = counted(1, 'coordinate-based LCI|civic address LCI|ECS ELIN');
export const ALTITUDES = counted(1, 'meters|floors');
export const DATUMS = counted(
  1,
  'World Geodesic System 1984|North American Datum 1983 (NAVD88)|North American Datum 1983 (MLLW)',
);
export const CIVIC_LOCATIONS = counted(
  0,
  'location of DHCP server|location of the network element believed to be closest to the client|' +
    'location of the client',
);
export const CIVIC_TYPES = counted(
  1,
  'national subdivisions (state,canton,region,province,prefecture)|county, parish, gun, district|' +
    'city, township, shi|city division, borough, city district, ward chou|neighborhood, block|street',
);
export const POWER_SOURCES = counted(
  1,
  'PSE - primary power source|local - backup power source|PSE+local - reserved',
);
export const POWER_PRIORITIES = counted(1, 'critical|high|low');
export const DCBX_SUBTYPES = counted(
  1,
  'DCB Capability Exchange Protocol Rev 1|DCB Capability Exchange Protocol Rev 1.01',
);
