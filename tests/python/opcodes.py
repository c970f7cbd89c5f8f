"""Prints pickletools' table of opcodes, a line each: name, byte, argument, stack before and after, protocol.

`corpus/opcodes.tsv` is the output of CPython 3.13.
"""
import pickletools

for opcode in pickletools.opcodes:
    print('\t'.join([
        opcode.name,
        '%02x' % ord(opcode.code),
        opcode.arg.name if opcode.arg else '-',
        ' '.join(item.name for item in opcode.stack_before),
        ' '.join(item.name for item in opcode.stack_after),
        str(opcode.proto),
    ]))
