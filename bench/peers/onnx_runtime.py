"""ONNX Runtime for Python by its C API: the very library that onnxruntime-node ships, as no Debian package has one.

Numbers below are the places of functions in the struct OrtApi (onnxruntime_c_api.h), which only ever grows at its end.
"""

import ctypes as c

import numpy as np

API_VERSION = 14
GET_ERROR_MESSAGE, CREATE_ENV, CREATE_SESSION, RUN, CREATE_SESSION_OPTIONS = 2, 3, 7, 9, 10
SET_LOG_SEVERITY, SET_INTRA_OP_THREADS, SET_INTER_OP_THREADS = 22, 24, 25
CREATE_TENSOR_WITH_DATA, CREATE_CPU_MEMORY_INFO, RELEASE_VALUE = 49, 69, 96
FLOAT, DEVICE_ALLOCATOR, DEFAULT_MEMORY, WARNING, ERROR = 1, 0, 0, 2, 3

pointer, size, text = c.c_void_p, c.c_size_t, c.c_char_p


class Session:
    """float32 [N, width] -> float32 [N, classes]; one caller at a time."""

    def __init__(self, library, model, input_name, output_name, classes, threads):
        base = c.CDLL(library).OrtGetApiBase
        base.restype = c.POINTER(c.c_void_p)
        get_api = c.CFUNCTYPE(c.POINTER(c.c_void_p), c.c_uint32)(base()[0])
        self.api = get_api(API_VERSION)
        self.message = self.function(GET_ERROR_MESSAGE, text, pointer)
        self.environment, self.options, self.session, self.memory = pointer(), pointer(), pointer(), pointer()
        self.call(CREATE_ENV, (c.c_int, text, pointer), WARNING, b"peer", c.byref(self.environment))
        self.call(CREATE_SESSION_OPTIONS, (pointer,), c.byref(self.options))
        for setting, value in (
            (SET_LOG_SEVERITY, ERROR),
            (SET_INTRA_OP_THREADS, threads),
            (SET_INTER_OP_THREADS, 1),
        ):
            self.call(setting, (pointer, c.c_int), self.options, value)
        self.call(
            CREATE_SESSION,
            (pointer, text, pointer, pointer),
            self.environment,
            model.encode(),
            self.options,
            c.byref(self.session),
        )
        self.call(CREATE_CPU_MEMORY_INFO, (c.c_int, c.c_int, pointer), DEVICE_ALLOCATOR, DEFAULT_MEMORY, c.byref(self.memory))
        self.classes = classes
        self.inputs = (text * 1)(input_name.encode())
        self.outputs = (text * 1)(output_name.encode())
        self.create = self.function(CREATE_TENSOR_WITH_DATA, pointer, pointer, pointer, size, pointer, size, c.c_int, pointer)
        self.release = self.function(RELEASE_VALUE, None, pointer)
        self.run = self.function(RUN, pointer, pointer, pointer, pointer, pointer, size, pointer, size, pointer)

    def function(self, place, result, *arguments):
        return c.CFUNCTYPE(result, *arguments)(self.api[place])

    def check(self, status):
        if status:
            raise RuntimeError(self.message(status).decode())

    def call(self, place, types, *arguments):
        self.check(self.function(place, pointer, *types)(*arguments))

    def tensor(self, array):
        value = pointer()
        shape = (c.c_int64 * 2)(*array.shape)
        self.check(self.create(self.memory, array.ctypes.data, array.nbytes, shape, 2, FLOAT, c.byref(value)))
        return value

    def probabilities(self, features):
        scores = np.empty((len(features), self.classes), np.float32)
        given, wanted = self.tensor(features), self.tensor(scores)
        values, results = (pointer * 1)(given), (pointer * 1)(wanted)
        try:
            self.check(self.run(self.session, None, self.inputs, values, 1, self.outputs, 1, results))
        finally:
            self.release(given)
            self.release(wanted)
        return scores
