"""A client of the reference architecture, as programs and notebooks were written for it.

Does everything once, in order, and prints the answers by the name of the step. Sends what such
clients send: JSON without a content type, a JSON content type without a body, and uploads
without any.

    GENAI_ENDPOINT=… GENAI_CLIENT_ID=… GENAI_CLIENT_SECRET=… GENAI_ADMIN_KEY=… python classic.py
"""

import json
import os
import time

import requests

TEXT_MODEL = "local.extractive"
EMBEDDING_MODEL = "local.embedding"
QUESTION = "How many days of leave do employees have?"
DOCUMENTS = {
    "handbook.txt": "Employees have thirty days of leave a year. "
    "Leave is asked for in the portal.",
    "offices.md": "# Offices\n\nThe office in Lisbon opens at nine.",
    "rules.json": json.dumps({"visitors": "sign in at the desk"}),
    "broken.pdf": "This is no PDF.",
}
DEADLINE_SECONDS = 60


class Client:
    """Calls an environment with one token."""

    def __init__(self, endpoint, token):
        self.endpoint = endpoint
        self.headers = {"Authorization": f"Bearer {token}"}

    @classmethod
    def of_application(cls, endpoint, client_id, client_secret):
        answer = requests.post(
            f"{endpoint}/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, client_secret),
            timeout=30,
        )
        answer.raise_for_status()
        return cls(endpoint, answer.json()["access_token"])

    def get(self, path):
        headers = {**self.headers, "Content-Type": "application/json"}
        return self.read(
            requests.get(f"{self.endpoint}{path}", headers=headers, timeout=30)
        )

    def post(self, path, body=None):
        if body is None:
            headers = {**self.headers, "Content-Type": "application/json"}
            answer = requests.post(
                f"{self.endpoint}{path}", headers=headers, timeout=30
            )
        else:
            answer = requests.post(
                f"{self.endpoint}{path}",
                data=json.dumps(body),
                headers=self.headers,
                timeout=30,
            )
        return self.read(answer)

    @staticmethod
    def read(answer):
        if answer.status_code != 200:
            raise RuntimeError(
                f"{answer.request.method} {answer.url}: "
                f"{answer.status_code} {answer.text}"
            )
        return answer.json()

    def wait(self, path, is_done):
        """Asks for a status until it is a last one."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            answer = self.get(path)
            if is_done(answer["status"]):
                return answer
            if time.monotonic() > deadline:
                raise RuntimeError(f"{path} is still {answer}")
            time.sleep(0.1)


def is_done(status):
    return status in ("COMPLETED", "COMPLETED_WITH_ERRORS", "FAILED")


def extract(client):
    job = client.get("/document/extraction/create_job")
    job_id = job["extraction_job_id"]
    registered, uploads = [], []
    for name, text in DOCUMENTS.items():
        file = client.post(
            "/document/extraction/register_file",
            {"extraction_job_id": job_id, "file_name": name},
        )
        registered.append(file)
        upload = requests.put(
            file["upload_url"], data=text.encode(), timeout=30
        )
        uploads.append(upload.status_code)
    started = client.post(
        "/document/extraction/start_job", {"extraction_job_id": job_id}
    )
    status = client.wait(f"/document/extraction/job_status/{job_id}", is_done)
    results = client.get(f"/document/extraction/job_results/{job_id}")
    artefacts = [
        requests.get(file["extracted_text_url"], timeout=30).json()
        for file in results["files"]
    ]
    return {
        "created": job,
        "registered": registered,
        "uploads": uploads,
        "started": started,
        "status": status,
        "files": client.get(f"/document/extraction/job_files/{job_id}"),
        "file_statuses": [
            client.post(
                "/document/extraction/file_status",
                {"extraction_job_id": job_id, "file_name": name},
            )
            for name in DOCUMENTS
        ],
        "results": results,
        "artefacts": artefacts,
        "jobs": client.get("/document/extraction/list_jobs"),
    }


def chunk(client, extraction_job_id):
    job = client.post(
        "/document/chunking/create_job",
        {
            "extraction_job_id": extraction_job_id,
            "chunking_strategy": "fixed_size",
            "chunking_params": {"chunk_size": 1000, "chunk_overlap": 100},
        },
    )
    job_id = job["chunking_job_id"]
    status = client.wait(f"/document/chunking/job_status/{job_id}", is_done)
    url = client.post(
        "/document/chunking/chunk_file_url",
        {"chunking_job_id": job_id, "file_name": "handbook.txt"},
    )
    return {
        "created": job,
        "status": status,
        "files": client.get(f"/document/chunking/job_files/{job_id}"),
        "url": url,
        "artefact": requests.get(url["chunk_file_url"], timeout=30).json(),
        "jobs": client.get("/document/chunking/list_jobs"),
    }


def vectorize(client, chunking_job_id):
    store = client.post(
        "/vector/store/create",
        {
            "store_name": "handbooks",
            "store_type": "opensearchserverless",
            "description": "What employees ask for.",
            "tags": [{"key": "team", "value": "people"}],
        },
    )
    store_id = store["store_id"]
    store_status = client.post("/vector/store/status", {"store_id": store_id})
    index = client.post(
        "/vector/store/index/create",
        {"store_id": store_id, "index_name": "handbook"},
    )
    index_id = index["index_id"]
    index_status = client.post(
        "/vector/store/index/status", {"index_id": index_id}
    )
    job = client.post(
        "/vector/store/vectorize",
        {"chunking_job_id": chunking_job_id, "index_id": index_id},
    )
    return {
        "store": store,
        "store_status": store_status,
        "unknown_store": client.post(
            "/vector/store/status", {"store_id": "unknown"}
        ),
        "index": index,
        "index_status": index_status,
        "job": job,
        "status": client.wait(
            f"/vector/job/status/{job['vectorize_job_id']}", is_done
        ),
        "stores": client.post("/vector/stores/list"),
        "indexes": client.get(f"/vector/store/{store_id}/indexes"),
        "jobs": client.get("/vector/jobs/list"),
        "found": client.post(
            "/vector/search", {"query": QUESTION, "index_id": index_id}
        ),
    }


def keep_prompts(client):
    name = "answer"
    templates = ["Answer {question}", "Answer {question} from {context}"]
    return {
        "saved": [
            client.post(
                "/prompt/template/save",
                {"name": name, "prompt_template": template},
            )
            for template in templates
        ],
        "latest": client.post("/prompt/template/get", {"name": name}),
        "first": client.post(
            "/prompt/template/version", {"name": name, "vnum": 1}
        ),
        "versions": client.post("/prompt/template/versions", {"name": name}),
        "list": client.get("/prompt/template/list"),
    }


def invoke(client, context):
    prompt = f"{context}\n\nQuestion: {QUESTION}"
    request = {
        "model_name": TEXT_MODEL,
        "prompt": prompt,
        "max_tokens": 200,
        "temperature": 0,
        "top_p": 0.9,
        "top_k": 50,
        "stop_sequences": ["STOP"],
        "system_prompts": [{"text": "Answer in one sentence."}],
    }
    messages = [
        {"role": "user", "content": [{"text": context}, {"text": QUESTION}]}
    ]
    raw = {"messages": messages}
    asked = client.post("/model/async_invoke", request)
    return {
        "models": client.get("/model/list_models"),
        "text": client.post("/model/invoke", request),
        "messages": client.post(
            "/model/invoke", {"model_name": TEXT_MODEL, "prompt": messages}
        ),
        "asked": asked,
        "fetched": fetch(client, asked["invocation_id"]),
        "raw": client.post(
            "/model/invoke_with_raw_input",
            {"model_id": TEXT_MODEL, "raw_input": raw},
        ),
        "embedded": client.post(
            "/model/embed",
            {"model_name": EMBEDDING_MODEL, "input_text": QUESTION},
        ),
    }


def fetch(client, invocation_id):
    """The answer that was asked for; 404 says whether it is worth to wait."""
    url = f"{client.endpoint}/model/async_output/{invocation_id}"
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        answer = requests.get(url, headers=client.headers, timeout=30)
        is_running = (
            answer.status_code == 404
            and "still running" in answer.json()["detail"]
        )
        if not is_running or time.monotonic() > deadline:
            return client.read(answer)
        time.sleep(0.1)


def administrate(admin, app_id, store_id):
    made = admin.post(
        "/admin/platform/create_app_client",
        {"app_name": "second", "description": "Made by an administrator."},
    )
    day = {"start_date": "2020-01-01", "end_date": "2100-01-01"}
    metrics = {
        name: admin.post(f"/admin/metrics/{name}", {"app_id": app_id, **day})
        for name in (
            "invocations",
            "extraction-jobs",
            "chunking-jobs",
            "vectorization-jobs",
            "vector-stores",
        )
    }
    metrics["vector-indexes"] = admin.post(
        "/admin/metrics/vector-indexes", {"vector_store_id": store_id}
    )
    return {
        "health": admin.get("/admin/platform/services/health"),
        "document": admin.get("/admin/platform/openapi.json")["openapi"],
        "made": made,
        "deactivated": admin.post(
            "/admin/platform/deactivate_app_client", {"app_id": app_id}
        ),
        "activated": admin.post(
            "/admin/platform/activate_app_client", {"app_id": app_id}
        ),
        "clients": admin.get("/admin/platform/get_all_app_clients"),
        "metrics": metrics,
    }


def main():
    endpoint = os.environ["GENAI_ENDPOINT"]
    client_id = os.environ["GENAI_CLIENT_ID"]
    client = Client.of_application(
        endpoint, client_id, os.environ["GENAI_CLIENT_SECRET"]
    )
    extraction = extract(client)
    job_id = extraction["created"]["extraction_job_id"]
    chunking = chunk(client, job_id)
    vectors = vectorize(client, chunking["created"]["chunking_job_id"])
    context = "\n".join(found["text"] for found in vectors["found"])
    answers = {
        "extraction": extraction,
        "chunking": chunking,
        "vectors": vectors,
        "prompts": keep_prompts(client),
        "models": invoke(client, context),
    }
    administrator = Client(endpoint, os.environ["GENAI_ADMIN_KEY"])
    store_id = vectors["store"]["store_id"]
    answers["admin"] = administrate(administrator, client_id, store_id)
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
