(* SPDX-License-Identifier: ISC *)
(* prove_machine.ml: the machine that proofs are for, as a plug-in of Frama-C: gcc's x86_64 but for char, which has no
   sign, as on arm and riscv64. So the bytes of a string literal may be read as uint8_t, as HOLM_TEXT does; to the
   prover a cast between two types of integers behind a pointer is outside the model of memory. *)
let () = File.new_machdep "holm" { Machdeps.gcc_x86_64 with Cil_types.char_is_unsigned = true }
