import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** Whether this is an IP address or a CIDR subnet, such as `10.0.0.0/8`. */
function isSubnet(text: string): boolean {
  const [address = '', bits = '0', ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || more.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  try {
    new BlockList().addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}

/** IP addresses and CIDR subnets, comma-separated. */
export const subnets = z.string().transform((text, ctx) => {
  const given = text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
  const wrong = given.find((one) => !isSubnet(one));
  if (wrong !== undefined)
    ctx.addIssue(`must be IP addresses or subnets such as 10.20.0.0/16; ${JSON.stringify(wrong)} is neither`);
  return given;
});
