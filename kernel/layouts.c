// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The structures and numbers that user space shares with the programs, in an object whose types (BTF) the compiler describes:
 * layouts.js makes TypeScript of them. Nothing of it is loaded.
 */

#include "entries.h"
#include "facts.h"
#include "record.h"

struct record record;
struct owner owner;
struct execution execution;
struct flow_key flow_key;
struct flow_count flow_count;
struct packet_facts packet_facts;
struct address address;
struct conversation conversation;
struct member member;
struct held_socket held_socket;
struct tuple tuple;
enum counter counter;
enum packet_flag packet_flag;
enum ring_number ring_number;
